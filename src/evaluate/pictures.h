#pragma once

#include <torch/types.h>

#include "animate/image.h"

namespace animate::evaluate {

// Picture -> [1, 3, height, width] in [0, 1] on the CPU, resized as the original programs do (core/resize.h); a picture
// of that size passes as it is.
torch::Tensor to_tensor(const Image& image, int64_t height, int64_t width);

// [1, 3, H, W] in [0, 1] on any device -> picture, rounded to the nearest level.
Image to_image(const torch::Tensor& tensor);

}  // namespace animate::evaluate
