#pragma once

#include <torch/types.h>

namespace animate::core {

// Inverse of 2x2 matrices [..., 2, 2] by the adjugate formula, in the tensor's own precision.
// Nearly singular matrices give large numbers, as in the original: nothing is clamped (models/fomm/README.md#inverse).
torch::Tensor inverse_2x2(const torch::Tensor& matrices);

}  // namespace animate::core
