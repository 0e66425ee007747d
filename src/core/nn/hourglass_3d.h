#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/container/modulelist.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

#include "core/nn/batch_norm_2d.h"
#include "core/nn/hourglass.h"
#include "core/nn/inference_block.h"

namespace animate::core::nn {

// The hourglass of LivePortrait's dense motion (models/liveportrait/README.md#warping-network, step 7): encoder and
// decoder over volumes with skip connections from every level including the input, then conv -> norm -> ReLU at
// block_expansion + in_channels.
// [B, in, D, H, W] -> [B, options.out_channels(), D, H, W]; H and W must be multiples of 2^num_blocks.
struct Hourglass3dImpl : torch::nn::Module, InferenceBlock {
  explicit Hourglass3dImpl(const HourglassOptions& options);
  torch::Tensor forward(const torch::Tensor& x);
  void fold() override;
  void use_fast_convolutions(ConvMode mode) override;

  HourglassOptions options;
  torch::nn::ModuleList down_blocks, up_blocks;
  torch::nn::Conv3d conv{nullptr};
  BatchNorm2d norm{nullptr};

 private:
  std::shared_ptr<const FastConvolution> fast_;  // after use_fast_convolutions()
  std::shared_ptr<torch::nn::Module> decoder_;
};
TORCH_MODULE(Hourglass3d);

}  // namespace animate::core::nn
