#pragma once

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

#include <cstdint>

namespace animate::core::nn {

// A convolution (3, 1, 1) over the frames of a clip with a border of zeros: every pixel by itself. On rows of pixels it
// is three matrix products, the frame before, the frame itself and the one after; LibTorch 1.13's own for volumes takes
// many times that on a CPU.
struct TimeConvolutionImpl : torch::nn::Module {
  TimeConvolutionImpl(int64_t in, int64_t out);

  // Maps [B * frames, in, H, W], a clip's frames one after the other -> [B * frames, out, H, W], channels last.
  torch::Tensor forward(const torch::Tensor& x, int64_t frames) const;

  // [out, in, 3, 1, 1], but lying in memory as three matrices [in, out], the form in which products read them.
  torch::Tensor weight;
  torch::Tensor bias;
};
TORCH_MODULE(TimeConvolution);

}  // namespace animate::core::nn
