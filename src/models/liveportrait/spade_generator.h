#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/conv.h>
#include <torch/types.h>

#include <vector>

#include "models/liveportrait/config.h"
#include "models/liveportrait/spade.h"

namespace animate::models::liveportrait {

// G (models/liveportrait/README.md#spade-generator): paints a frame from the warped feature map, which also steers
// every norm.
// [B, C, h, w] -> [B, 3, 8h, 8w] in [0, 1] with upscale, [B, 3, 4h, 4w] without.
// Instance statistics span the whole map, so a frame cannot be painted in tiles.
struct SpadeGeneratorImpl : torch::nn::Module, core::nn::InferenceBlock {
  explicit SpadeGeneratorImpl(const SpadeConfig& config);
  torch::Tensor forward(const torch::Tensor& feature);
  void use_fast_convolutions(core::nn::ConvMode mode) override;

  torch::nn::Conv2d fc{nullptr};
  std::vector<SpadeResnetBlock> middle;  // G_middle_0 … G_middle_5
  SpadeResnetBlock up_0{nullptr}, up_1{nullptr};
  torch::nn::Conv2d conv_img{nullptr};

 private:
  bool upscale_;
  std::shared_ptr<const core::nn::FastConvolution> fast_fc_, fast_image_;  // after use_fast_convolutions()
};

}  // namespace animate::models::liveportrait
