#include "models/video_diffusion/unet_blocks.h"

#include <utility>

#include "core/nn/stage_observer.h"

namespace animate::models::video_diffusion {
namespace {

using core::nn::Convolution;
using core::nn::convolution_3x3;
using core::nn::group_of_modules;
using core::nn::show_stage;

ResBlockForm res_form(int64_t in, int64_t out, const LevelForm& form) {
  return {in, out, form.embedding, form.eps, form.eps, /*mixes_time=*/false, form.groups, form.temporal, form.context};
}

TransformerForm transformer_form(int64_t channels, const LevelForm& form) {
  return {channels, form.heads, form.token_width, form.groups, form.temporal};
}

// Layers under the names resnets.0 …, attentions.0 …
std::vector<UnetLayer> make_layers(torch::nn::Module& level, const std::vector<int64_t>& ins, int64_t out,
                                   const LevelForm& form) {
  std::vector<UnetLayer> layers;
  const auto resnets = group_of_modules(level, "resnets");
  const auto attentions = form.attends ? group_of_modules(level, "attentions") : nullptr;
  for (const int64_t in : ins) {
    const std::string number = std::to_string(layers.size());
    UnetLayer& layer = layers.emplace_back();
    layer.level = form.level;
    layer.res = resnets->register_module(number, VideoResBlock(res_form(in, out, form)));
    if (attentions != nullptr) {
      layer.attention = attentions->register_module(number, VideoTransformer(transformer_form(out, form)));
    }
  }
  return layers;
}

}  // namespace

torch::Tensor UnetLayer::forward(torch::Tensor x, const Conditions& conditions) const {
  const auto context = conditions.context.empty() ? torch::Tensor() : conditions.context[level];
  const auto y = res->forward(x, conditions.embedding, conditions.frames, context);
  x.reset();
  return attention.is_empty() ? y : attention->forward(y, conditions.token, conditions.frames);
}

DownLevelImpl::DownLevelImpl(int64_t in, int64_t out, int64_t layers, const LevelForm& form) {
  std::vector<int64_t> ins(static_cast<size_t>(layers), out);
  ins.front() = in;
  layers_ = make_layers(*this, ins, out, form);
  if (form.resizes) {
    downsampler_ = group_of_modules(*group_of_modules(*this, "downsamplers"), "0");
    down_ = downsampler_->register_module("conv", Convolution(out, out, 3, 2, 1));
  }
}

torch::Tensor DownLevelImpl::forward(torch::Tensor x, const Conditions& conditions,
                                     std::vector<torch::Tensor>& kept) const {
  for (const UnetLayer& layer : layers_) {
    x = layer.forward(x, conditions);
    kept.push_back(x);
  }
  if (downsampler_) {
    x = down_->forward(x);
    show_stage(*downsampler_, x);
    kept.push_back(x);
  }
  show_stage(*this, x);
  return x;
}

MiddleImpl::MiddleImpl(int64_t channels, const LevelForm& form) {
  const ResBlockForm res = res_form(channels, channels, form);
  const auto resnets = group_of_modules(*this, "resnets");
  first_.res = resnets->register_module("0", VideoResBlock(res));
  first_.attention =
      group_of_modules(*this, "attentions")->register_module("0", VideoTransformer(transformer_form(channels, form)));
  second_.res = resnets->register_module("1", VideoResBlock(res));
  first_.level = second_.level = form.level;
}

torch::Tensor MiddleImpl::forward(const torch::Tensor& x, const Conditions& conditions) const {
  auto y = second_.forward(first_.forward(x, conditions), conditions);
  show_stage(*this, y);
  return y;
}

UpLevelImpl::UpLevelImpl(int64_t in, int64_t out, const std::vector<int64_t>& skips, const LevelForm& form) {
  std::vector<int64_t> ins;
  for (const int64_t skip : skips) ins.push_back((ins.empty() ? in : out) + skip);
  layers_ = make_layers(*this, ins, out, form);
  if (form.resizes) {
    upsampler_ = group_of_modules(*group_of_modules(*this, "upsamplers"), "0");
    up_ = upsampler_->register_module("conv", convolution_3x3(out, out));
  }
}

torch::Tensor UpLevelImpl::forward(torch::Tensor x, const Conditions& conditions,
                                   std::vector<torch::Tensor>& kept) const {
  for (const UnetLayer& layer : layers_) {
    auto joined = torch::cat({x, kept.back()}, 1);
    // At the finest level this is the most memory of the whole run: what was joined goes first.
    kept.pop_back();
    x.reset();
    x = layer.forward(std::move(joined), conditions);
  }
  if (upsampler_) {
    // Twice the size, or one less where a side was odd on the way down.
    x = up_->forward(torch::upsample_nearest2d(x, kept.back().sizes().slice(2)));
    show_stage(*upsampler_, x);
  }
  show_stage(*this, x);
  return x;
}

}  // namespace animate::models::video_diffusion
