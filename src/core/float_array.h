#pragma once

#include <torch/types.h>

#include "motion/motion.h"

namespace animate::core {

// Between tensors and the plain arrays of the seam. Values are copied, as float32; a tensor on a GPU is waited for.
FloatArray to_float_array(const torch::Tensor& tensor);
torch::Tensor to_tensor(const FloatArray& array, const torch::Device& device = torch::kCPU);

}  // namespace animate::core
