#pragma once

#include <torch/nn/module.h>
#include <torch/types.h>

#include "animate/option_values.h"

namespace animate::core {

// In what the heavy networks compute. Coordinates and keypoints stay in float whatever is chosen here: half has too few
// digits for them.
struct Precision {
  torch::ScalarType type = torch::kFloat;  // kFloat, kHalf or kBFloat16
  bool tf32 = false;                       // float's products may be rounded to TF32's 10 bits; CUDA only
  bool channels_last = false;              // the order that tensor cores read

  Precision() = default;
  // NOLINTNEXTLINE: a bare type means just this.
  Precision(torch::ScalarType element) : type(element) {}
};

// What the device cannot do becomes float, with one warning. Auto is TF32 on CUDA and float on the CPU.
Precision choose_precision(PrecisionChoice choice, const torch::Device& device);

// Switches that hold for the whole process and for CUDA only: TF32, and cuDNN's search for the fastest kernel of every
// shape. Nothing happens for the CPU.
void apply_precision(const Precision& precision, const torch::Device& device);

// Brings the weights of 2D convolutions into the order that `precision` wants; the values stay. Maps that go through
// such a convolution take its order.
void use_layout(torch::nn::Module& module, const Precision& precision);

}  // namespace animate::core
