#pragma once

#include <torch/types.h>

#include <cstdint>

namespace animate::diffusion {

// Classifier-free guidance (Ho and Salimans, 2022) whose strength grows evenly from the first frame to the last.
struct Guidance {
  double first = 1;
  double last = 1;

  // Whether the call without conditions is needed at all: no frame's strength is above 1 otherwise.
  bool is_on() const { return first > 1 || last > 1; }
  // [1, frames, 1, 1, 1], float; one frame takes `first`.
  torch::Tensor of_frames(int64_t frames) const;
};

// unconditional + strength * (conditional - unconditional), for outputs [B, T, C, H, W] and strengths of_frames(T) on
// their device.
torch::Tensor guide(const torch::Tensor& unconditional, const torch::Tensor& conditional,
                    const torch::Tensor& strengths);

}  // namespace animate::diffusion
