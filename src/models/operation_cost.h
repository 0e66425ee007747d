#pragma once

#include <ATen/core/ivalue.h>

#include <string>
#include <string_view>
#include <vector>

namespace animate::models {

// What an operation of LibTorch's, or a kernel of this program, has to do at least.
struct OperationCost {
  std::string operation;  // as in "conv2d", "linear", "winograd2d upsampled", "relu_"
  std::string input;      // shapes as in 1x64x128x128; empty for operations that are told by name only
  std::string weight;
  std::string output;
  double flop = 0;   // floating-point operations, two a multiply-add; 0: not counted
  double bytes = 0;  // of all tensors it reads and writes, each once
};

// `name` is the operation's as LibTorch's observers see it, as in "aten::conv2d", with its arguments and results.
// Counted are the multiply-adds of
//  - convolutions and matrix products, with nothing for a bias,
//  - batch normalisation: one an element, as in inference,
//  - grid_sampler: 4 an element of a map, 8 of a volume, as for interpolation between the corners,
//  - "animate::winograd", whose arguments are the map, the weight, whether the map is doubled first and whether gamma
//    and beta are made of it (core/nn/fast_conv/fast_convolution.cpp): as if it were convolved directly, which takes
//    up to four times as many multiplications as it does.
// Element-wise operations, reductions and copies count as no FLOP: what limits them is memory.
OperationCost operation_cost(std::string_view name, const std::vector<c10::IValue>& inputs,
                             const std::vector<c10::IValue>& outputs);

}  // namespace animate::models
