#include "models/video_diffusion/vae_decoder.h"

#include "core/nn/stage_observer.h"

namespace animate::models::video_diffusion {
namespace {

using core::nn::convolution_3x3;
using core::nn::group_of_modules;
using core::nn::GroupNorm;
using core::nn::show_stage;
using core::nn::TimeConvolution;

VideoResBlock clip_block(int64_t in, int64_t out, const VaeConfig& config) {
  return VideoResBlock(
      ResBlockForm{in, out, 0, kVaeEps, kVaeTimeEps, /*mixes_time=*/true, config.groups, config.temporal});
}

}  // namespace

VaeDecoderImpl::VaeDecoderImpl(const VaeConfig& config) {
  const auto decoder = group_of_modules(*this, "decoder");
  int64_t in = config.channels.back();
  conv_in_ = decoder->register_module("conv_in", convolution_3x3(config.latent_channels, in));
  const auto middle = group_of_modules(*decoder, "mid_block");
  const auto middle_resnets = group_of_modules(*middle, "resnets");
  first_ = middle_resnets->register_module("0", clip_block(in, in, config));
  attention_ = group_of_modules(*middle, "attentions")->register_module("0", PixelAttention(in, config.groups));
  second_ = middle_resnets->register_module("1", clip_block(in, in, config));
  const auto up_blocks = group_of_modules(*decoder, "up_blocks");
  for (auto channels = config.channels.rbegin(); channels != config.channels.rend(); ++channels) {
    const int64_t out = *channels;
    const auto block = group_of_modules(*up_blocks, std::to_string(levels_.size()));
    const auto resnets = group_of_modules(*block, "resnets");
    Level& level = levels_.emplace_back();
    for (int64_t i = 0; i <= config.layers; ++i) {
      level.resnets.push_back(resnets->register_module(std::to_string(i), clip_block(i == 0 ? in : out, out, config)));
    }
    if (levels_.size() < config.channels.size()) {
      level.upsampler = group_of_modules(*group_of_modules(*block, "upsamplers"), "0");
      level.up = level.upsampler->register_module("conv", convolution_3x3(out, out));
    }
    in = out;
  }
  conv_norm_out_ = decoder->register_module("conv_norm_out", GroupNorm(config.groups, in, kVaeEps));
  conv_out_ = decoder->register_module("conv_out", convolution_3x3(in, 3));
  if (config.temporal) time_conv_out_ = decoder->register_module("time_conv_out", TimeConvolution(3, 3));
}

torch::Tensor VaeDecoderImpl::forward(const torch::Tensor& latents) const {
  const int64_t frames = latents.size(0);
  auto x = conv_in_->forward(latents);
  show_stage(*conv_in_, x);
  x = second_->forward(attention_->forward(first_->forward(x, {}, frames)), {}, frames);
  for (const Level& level : levels_) {
    for (const VideoResBlock& block : level.resnets) x = block->forward(x, {}, frames);
    if (level.up.is_empty()) continue;
    x = level.up->forward(torch::upsample_nearest2d(x, {2 * x.size(2), 2 * x.size(3)}));
    show_stage(*level.upsampler, x);
  }
  x = conv_out_->forward(conv_norm_out_->activated(x));
  show_stage(*conv_out_, x);
  return (time_conv_out_.is_empty() ? x : time_conv_out_->forward(x, frames)).contiguous();
}

}  // namespace animate::models::video_diffusion
