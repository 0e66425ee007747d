#pragma once

#include <ATen/core/Generator.h>
#include <torch/types.h>

#include <cstdint>

namespace animate::diffusion {

// Normal noise by a seed, drawn in the order in which the published Python programs draw it: with the same seed the
// same numbers, since both have LibTorch's generator (diffusion/README.md#noise). Always drawn on the CPU, whatever
// device computes, so that a seed means the same clip on all of them. Not thread-safe.
class LatentNoise {
 public:
  explicit LatentNoise(uint64_t seed);

  // float, on the CPU. A tensor has to be drawn whole: LibTorch fills 16 numbers and more in another way than fewer.
  torch::Tensor draw(at::IntArrayRef shape);

 private:
  at::Generator generator_;
};

}  // namespace animate::diffusion
