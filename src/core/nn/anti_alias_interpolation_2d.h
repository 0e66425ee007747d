#pragma once

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

namespace animate::core::nn {

// Shrinks an image by an integer factor after a Gaussian blur (models/fomm/README.md#anti-aliasing):
// sigma = (1/scale - 1) / 2, zero padding, then every trunc(1/scale)-th sample.
// [B, C, H, W] -> [B, C, ceil(H scale), ceil(W scale)].
// The kernel is the buffer `weight` [C, 1, k, k]; a checkpoint's own wins over the computed one, of any odd size k.
struct AntiAliasInterpolation2dImpl : torch::nn::Module {
  // 0 < scale < 1; a scale of 1 needs no module.
  AntiAliasInterpolation2dImpl(int64_t channels, double scale);
  torch::Tensor forward(const torch::Tensor& x);

  torch::Tensor weight;

 private:
  int64_t step_;
};
TORCH_MODULE(AntiAliasInterpolation2d);

}  // namespace animate::core::nn
