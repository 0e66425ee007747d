#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/container/modulelist.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

#include <cstdint>

namespace animate::core::nn {

struct HourglassOptions {
  int64_t in_channels = 0;
  int64_t block_expansion = 0;
  int64_t num_blocks = 0;
  int64_t max_features = 0;

  // Channels after i halvings: min(max_features, block_expansion * 2^i).
  int64_t features(int64_t i) const;
  // Channels of the result: block_expansion + in_channels, the raw input being its last part.
  int64_t out_channels() const { return block_expansion + in_channels; }
};

// U-shaped network of DownBlock2d and UpBlock2d with skip connections (models/fomm/README.md#hourglass).
// [B, in, H, W] -> [B, block_expansion + in, H, W]; H and W must be multiples of 2^num_blocks, else Error(Model).
struct HourglassImpl : torch::nn::Module {
  explicit HourglassImpl(const HourglassOptions& options);
  torch::Tensor forward(const torch::Tensor& x);

  HourglassOptions options;
  torch::nn::ModuleList down_blocks, up_blocks;  // registered as encoder.down_blocks and decoder.up_blocks
};
TORCH_MODULE(Hourglass);

}  // namespace animate::core::nn
