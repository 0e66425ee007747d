#pragma once

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

#include <cstdint>

#include "core/nn/layers.h"

namespace animate::core::nn {

// The feed-forward layers of a transformer block with a gate (Shazeer, 2020): (a * gelu(b)) projected back, where a and
// b are the halves of one projection. Names of the state dict: net.0.proj and net.2.
struct GegluImpl : torch::nn::Module {
  // The width between is 4 * channels.
  explicit GegluImpl(int64_t channels);

  // [N, L, channels] -> the same. In blocks of rows: what lies between is eight times as wide as the rows.
  torch::Tensor forward(const torch::Tensor& x) const;

 private:
  Linear gate_{nullptr}, out_{nullptr};
};
TORCH_MODULE(Geglu);

}  // namespace animate::core::nn
