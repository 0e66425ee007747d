#pragma once

#include <torch/types.h>

#include <cstdint>

namespace animate::models::video_diffusion {

// A picture as CLIP's image encoder is shown it (models/video_diffusion/README.md#image-encoder).

// Pictures [N, 3, H, W] in any range -> [N, 3, side, side]: blurred by a Gaussian where an axis shrinks, then bicubic
// with the corners' centres on each other. The whole picture is squeezed into the square.
torch::Tensor squeeze_to_square(const torch::Tensor& pictures, int64_t side);

// Pictures [N, 3, H, W] in [0, 1] -> [N, 3, side, side] with CLIP's mean and deviation taken out.
torch::Tensor clip_pixels(const torch::Tensor& pictures, int64_t side);

}  // namespace animate::models::video_diffusion
