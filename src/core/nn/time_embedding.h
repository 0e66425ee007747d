#pragma once

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

#include <cstdint>

#include "core/nn/layers.h"

namespace animate::core::nn {

// Numbers as waves (Vaswani et al., NeurIPS 2017): frequencies exp(-ln(10000) i / (width / 2)), cosines before sines.
// values [N] of any type -> [N, width], float. `width` is even.
torch::Tensor sinusoid(const torch::Tensor& values, int64_t width);

// linear_2(SiLU(linear_1(x))): [N, in] -> [N, out].
struct TimeEmbeddingImpl : torch::nn::Module {
  TimeEmbeddingImpl(int64_t in, int64_t between, int64_t out);
  torch::Tensor forward(const torch::Tensor& x) const;

 private:
  Linear linear_1_{nullptr}, linear_2_{nullptr};
};
TORCH_MODULE(TimeEmbedding);

}  // namespace animate::core::nn
