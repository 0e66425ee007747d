#include "models/video_diffusion/clip_vision.h"

#include "core/nn/attention.h"
#include "core/nn/rows.h"
#include "core/nn/stage_observer.h"

namespace animate::models::video_diffusion {
namespace {

using core::nn::Convolution;
using core::nn::group_of_modules;
using core::nn::LayerNorm;
using core::nn::Linear;
using core::nn::show_stage;

}  // namespace

ClipLayerImpl::ClipLayerImpl(const ClipConfig& config) : heads_(config.heads) {
  const auto attention = group_of_modules(*this, "self_attn");
  k_proj_ = attention->register_module("k_proj", Linear(config.width, config.width));
  v_proj_ = attention->register_module("v_proj", Linear(config.width, config.width));
  q_proj_ = attention->register_module("q_proj", Linear(config.width, config.width));
  out_proj_ = attention->register_module("out_proj", Linear(config.width, config.width));
  layer_norm1_ = register_module("layer_norm1", LayerNorm(config.width));
  const auto mlp = group_of_modules(*this, "mlp");
  fc1_ = mlp->register_module("fc1", Linear(config.width, config.between));
  fc2_ = mlp->register_module("fc2", Linear(config.between, config.width));
  layer_norm2_ = register_module("layer_norm2", LayerNorm(config.width));
}

torch::Tensor ClipLayerImpl::forward(const torch::Tensor& x) const {
  const auto normal = layer_norm1_->forward(x);
  const auto attended =
      core::nn::attend(q_proj_->forward(normal), k_proj_->forward(normal), v_proj_->forward(normal), heads_);
  auto y = x + out_proj_->forward(attended);
  y.add_(fc2_->forward(torch::gelu(fc1_->forward(layer_norm2_->forward(y)))));
  show_stage(*this, y);
  return y;
}

// "pre_layrnorm" is spelt that way in every published file.
ClipVisionImpl::ClipVisionImpl(const ClipConfig& config) : config_(config) {
  const int64_t across = config.side / config.patch;
  const auto vision = group_of_modules(*this, "vision_model");
  embeddings_ = group_of_modules(*vision, "embeddings");
  class_embedding_ = embeddings_->register_parameter("class_embedding", torch::empty({config.width}), false);
  patch_embedding_ = embeddings_->register_module(
      "patch_embedding", Convolution(3, config.width, config.patch, config.patch, 0, /*biased=*/false));
  positions_ = group_of_modules(*embeddings_, "position_embedding")
                   ->register_parameter("weight", torch::empty({across * across + 1, config.width}), false);
  pre_layrnorm_ = vision->register_module("pre_layrnorm", LayerNorm(config.width));
  const auto layers = group_of_modules(*group_of_modules(*vision, "encoder"), "layers");
  for (int64_t i = 0; i < config.layers; ++i) {
    layers_.push_back(layers->register_module(std::to_string(i), ClipLayer(config)));
  }
  post_layernorm_ = vision->register_module("post_layernorm", LayerNorm(config.width));
  visual_projection_ = register_module("visual_projection", Linear(config.width, config.projection, /*biased=*/false));
}

torch::Tensor ClipVisionImpl::embeddings(const torch::Tensor& pixels) const {
  const auto patches = core::nn::rows_of(patch_embedding_->forward(pixels));
  const auto whole = class_embedding_.expand({pixels.size(0), 1, config_.width});
  auto y = torch::cat({whole, patches}, 1) + positions_;
  show_stage(*embeddings_, y);
  return y;
}

torch::Tensor ClipVisionImpl::forward(const torch::Tensor& pixels) const {
  auto x = pre_layrnorm_->forward(embeddings(pixels));
  show_stage(*pre_layrnorm_, x);
  for (const ClipLayer& layer : layers_) x = layer->forward(x);
  const auto pooled = post_layernorm_->forward(x.select(1, 0));
  show_stage(*post_layernorm_, pooled);
  return visual_projection_->forward(pooled);
}

}  // namespace animate::models::video_diffusion
