#pragma once

#include <torch/types.h>

#include <array>
#include <cstdint>

#include "base/pixel_box.h"

namespace animate::core {

// cv::warpAffine (bilinear, black outside the picture) for pictures that are on a device already, with the same numbers
// to the bit: places by base/warp_steps.h, weights in 1/1024. For pictures of one size and one transform; immutable, so
// several threads may use it.
class TensorWarp {
 public:
  // For pictures of height x width pixels, up to 32766 a side. `from_target` is row-major 2x3: the place in the picture
  // that a pixel of the target looks at. `part`: which part of the target is made.
  TensorWarp(int64_t height, int64_t width, const std::array<double, 6>& from_target, const PixelBox& part,
             const torch::Device& device);

  // Bytes [1, height, width, C] -> [1, part.height, part.width, C].
  torch::Tensor operator()(const torch::Tensor& bytes) const;

 private:
  PixelBox part_;
  // Of the four neighbours of every place: where each lies in the picture, [pixels], and its share, [pixels, 1].
  std::array<torch::Tensor, 4> indices_;
  std::array<torch::Tensor, 4> weights_;
};

}  // namespace animate::core
