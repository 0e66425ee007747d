#include "models/video_diffusion/vae_encoder.h"

#include "core/nn/stage_observer.h"

namespace animate::models::video_diffusion {
namespace {

using core::nn::Convolution;
using core::nn::convolution_3x3;
using core::nn::group_of_modules;
using core::nn::GroupNorm;
using core::nn::show_stage;

SpatialResBlock image_block(int64_t in, int64_t out, int64_t groups) {
  ResBlockForm form;
  form.in = in;
  form.out = out;
  form.eps = kVaeEps;
  form.groups = groups;
  return SpatialResBlock(form);
}

}  // namespace

VaeEncoderImpl::VaeEncoderImpl(const VaeConfig& config) {
  const auto encoder = group_of_modules(*this, "encoder");
  conv_in_ = encoder->register_module("conv_in", convolution_3x3(3, config.channels.front()));
  const auto down_blocks = group_of_modules(*encoder, "down_blocks");
  int64_t in = config.channels.front();
  for (const int64_t out : config.channels) {
    const auto block = group_of_modules(*down_blocks, std::to_string(levels_.size()));
    const auto resnets = group_of_modules(*block, "resnets");
    Level& level = levels_.emplace_back();
    for (int64_t i = 0; i < config.layers; ++i) {
      level.resnets.push_back(
          resnets->register_module(std::to_string(i), image_block(i == 0 ? in : out, out, config.groups)));
    }
    if (levels_.size() < config.channels.size()) {
      level.downsampler = group_of_modules(*group_of_modules(*block, "downsamplers"), "0");
      level.down = level.downsampler->register_module("conv", Convolution(out, out, 3, 2, 0));
    }
    in = out;
  }
  const auto middle = group_of_modules(*encoder, "mid_block");
  const auto resnets = group_of_modules(*middle, "resnets");
  first_ = resnets->register_module("0", image_block(in, in, config.groups));
  attention_ = group_of_modules(*middle, "attentions")->register_module("0", PixelAttention(in, config.groups));
  second_ = resnets->register_module("1", image_block(in, in, config.groups));
  conv_norm_out_ = encoder->register_module("conv_norm_out", GroupNorm(config.groups, in, kVaeEps));
  const int64_t moments = 2 * config.latent_channels;
  conv_out_ = encoder->register_module("conv_out", convolution_3x3(in, moments));
  quant_conv_ = register_module("quant_conv", Convolution(moments, moments, 1, 1, 0));
}

torch::Tensor VaeEncoderImpl::moments(const torch::Tensor& pictures) const {
  auto x = conv_in_->forward(pictures);
  show_stage(*conv_in_, x);
  for (const Level& level : levels_) {
    for (const SpatialResBlock& block : level.resnets) x = block->forward(x, {});
    if (level.down.is_empty()) continue;
    // A border to the right and below only, as the network was trained.
    x = level.down->forward(torch::constant_pad_nd(x, {0, 1, 0, 1}));
    show_stage(*level.downsampler, x);
  }
  x = second_->forward(attention_->forward(first_->forward(x, {})), {});
  x = conv_out_->forward(conv_norm_out_->activated(x));
  show_stage(*conv_out_, x);
  return quant_conv_->forward(x).contiguous();
}

torch::Tensor VaeEncoderImpl::mode(const torch::Tensor& pictures) const {
  return moments(pictures).chunk(2, 1)[0].contiguous();
}

}  // namespace animate::models::video_diffusion
