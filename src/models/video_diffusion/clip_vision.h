#pragma once

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

#include <vector>

#include "core/nn/layers.h"
#include "models/video_diffusion/config.h"

namespace animate::models::video_diffusion {

// One layer of a vision transformer, normalised in front: attention of all patches to all, then two linear layers with
// gelu. [N, L, C] -> the same.
struct ClipLayerImpl : torch::nn::Module {
  explicit ClipLayerImpl(const ClipConfig& config);
  torch::Tensor forward(const torch::Tensor& x) const;

 private:
  int64_t heads_;
  core::nn::LayerNorm layer_norm1_{nullptr}, layer_norm2_{nullptr};
  core::nn::Linear q_proj_{nullptr}, k_proj_{nullptr}, v_proj_{nullptr}, out_proj_{nullptr};
  core::nn::Linear fc1_{nullptr}, fc2_{nullptr};
};
TORCH_MODULE(ClipLayer);

// What is in a picture, as one vector: CLIP's image encoder (models/video_diffusion/README.md#image-encoder; Radford et
// al., ICML 2021). Names are those of transformers' CLIPVisionModelWithProjection. Memory is claimed, not filled.
// Read-only once filled.
struct ClipVisionImpl : torch::nn::Module {
  explicit ClipVisionImpl(const ClipConfig& config);

  // clip_pixels() [N, 3, side, side] -> [N, projection]
  torch::Tensor forward(const torch::Tensor& pixels) const;

  const ClipConfig& config() const { return config_; }

 private:
  torch::Tensor embeddings(const torch::Tensor& pixels) const;

  ClipConfig config_;
  std::shared_ptr<torch::nn::Module> embeddings_;
  torch::Tensor class_embedding_, positions_;
  core::nn::Convolution patch_embedding_{nullptr};
  core::nn::LayerNorm pre_layrnorm_{nullptr}, post_layernorm_{nullptr};
  std::vector<ClipLayer> layers_;
  core::nn::Linear visual_projection_{nullptr};
};
TORCH_MODULE(ClipVision);

}  // namespace animate::models::video_diffusion
