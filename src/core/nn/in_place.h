#pragma once

#include <torch/types.h>

namespace animate::core::nn {

// Whether an operation on these has to leave its operands as they are, because gradients will ask for them.
inline bool wants_gradients(const torch::Tensor& x, const torch::Tensor& y) {
  return torch::GradMode::is_enabled() && (x.requires_grad() || y.requires_grad());
}

// x + y: into x, which the caller gives away, where no gradient needs x as it was; else a new tensor. `y` may be
// broadcast.
inline torch::Tensor added(torch::Tensor x, const torch::Tensor& y) {
  return wants_gradients(x, y) ? x + y : x.add_(y);
}

}  // namespace animate::core::nn
