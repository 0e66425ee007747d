#include "models/liveportrait/spade_generator.h"

#include <algorithm>

#include "base/error.h"

namespace animate::models::liveportrait {
namespace {

constexpr int kMiddleBlocks = 6;

torch::Tensor doubled(const torch::Tensor& x) { return torch::upsample_nearest2d(x, {x.size(2) * 2, x.size(3) * 2}); }

}  // namespace

SpadeGeneratorImpl::SpadeGeneratorImpl(const SpadeConfig& config) : upscale_(config.upscale > 1) {
  const int64_t in = std::min(config.max_features, config.block_expansion << config.num_down_blocks);
  const int64_t width = 2 * in;
  fc = register_module("fc", spade_convolution(in, width));
  for (int i = 0; i < kMiddleBlocks; ++i) {
    middle.push_back(register_module(fmt::format("G_middle_{}", i), SpadeResnetBlock(width, width, in)));
  }
  up_0 = register_module("up_0", SpadeResnetBlock(width, in, in));
  up_1 = register_module("up_1", SpadeResnetBlock(in, config.out_channels, in));
  if (upscale_) {
    const auto sequence = register_module("conv_img", std::make_shared<torch::nn::Module>());
    conv_img = sequence->register_module("0", spade_convolution(config.out_channels, 3 * 4));
  } else {
    conv_img = register_module("conv_img", spade_convolution(config.out_channels, 3));
  }
}

torch::Tensor SpadeGeneratorImpl::forward(const torch::Tensor& feature) {
  auto x = fast_fc_ ? fast_fc_->forward(feature) : fc->forward(feature);
  for (auto& block : middle) x = block->forward(x, feature);
  x = up_0->forward(doubled(x), feature);
  x = up_1->forward(doubled(x), feature);
  x = torch::leaky_relu(x, kSpadeSlope);
  x = fast_image_ ? fast_image_->forward(x) : conv_img->forward(x);
  // Before the shuffle, whose result lies in memory in no order that the sigmoid could walk fast.
  x = torch::sigmoid(x);
  return upscale_ ? torch::pixel_shuffle(x, 2) : x;
}

void SpadeGeneratorImpl::use_fast_convolutions(core::nn::ConvMode mode) {
  const auto fast = [mode](const torch::nn::Conv2d& conv) {
    return std::make_shared<const core::nn::FastConvolution>(conv->weight, conv->bias,
                                                             core::nn::FastConvolution::Form{}, mode);
  };
  fast_fc_ = fast(fc);
  fast_image_ = fast(conv_img);
}

}  // namespace animate::models::liveportrait
