#pragma once

#include <torch/types.h>

#include "animate/option_values.h"

namespace animate::core {

// Mixed precision on the calling thread for as long as the object lives: LibTorch runs convolutions and matrix products
// in bfloat16, which has float's range and so needs no scaling of the loss, and keeps sums and softmax in float. With
// `on` false it switches a surrounding region off, for the few places where 8 bits of precision are too few. May be
// nested; not to be moved between threads. Works for CUDA and CPU tensors.
class Autocast {
 public:
  Autocast(const torch::Device& device, bool on);
  ~Autocast();
  Autocast(const Autocast&) = delete;
  Autocast& operator=(const Autocast&) = delete;

 private:
  torch::DeviceType type_;
  bool before_;
};

// What --amp means on a device; auto is on where the GPU computes in bfloat16. Throws Error(Usage) when it is asked for
// on a device without it.
bool wants_autocast(Switch choice, const torch::Device& device);

}  // namespace animate::core
