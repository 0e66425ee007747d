#pragma once

#include <torch/types.h>

#include <array>
#include <cstdint>
#include <span>

#include "base/pixel_box.h"
#include "core/tensor_warp.h"

namespace animate::core {

// Puts a painted square back into the picture that it was cut from, on a device: pictures/portrait_paste_back.h for
// tensors, with the same numbers to the bit. For pictures of one size and one crop; immutable, so several threads may
// use it.
class TensorPaste {
 public:
  // `mask`: the weights of the crop's size x size pixels, 0..255, row-major. `crop_from_image`: row-major 2x3, the
  // place in the crop that a pixel of the picture looks at. `part`: what of the picture the crop covers; not empty.
  TensorPaste(std::span<const uint8_t> mask, int64_t size, const std::array<double, 6>& crop_from_image,
              const PixelBox& part, const torch::Device& device);

  // A picture's bytes [1, H, W, 3] and the crop's [1, size, size, 3] -> the part as it looks then,
  // [1, part.height, part.width, 3]. The picture stays as it is.
  torch::Tensor operator()(const torch::Tensor& picture, const torch::Tensor& crop) const;

 private:
  PixelBox part_;
  TensorWarp warp_;
  torch::Tensor share_;  // of the crop, [1, part.height, part.width, 1], 0..1
  torch::Tensor rest_;   // 1 - share
};

// The part of a picture [1, H, W, C], without a copy.
torch::Tensor part_of(const torch::Tensor& picture, const PixelBox& part);

}  // namespace animate::core
