#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "base/pixel_box.h"

namespace animate {
inline namespace base {

// The fixed-point arithmetic of cv::warpAffine: a coordinate is the sum of a part that depends on the column and one
// that depends on the row, each rounded to 1/1024 of a pixel; half of 1/32 is added, and the sum is cut to 1/32. Code
// that counts in the same way gets exactly the same pixels, also when it computes only a part of the picture.
inline constexpr int kWarpFractionBits = 10;
inline constexpr int kWarpPlaceBits = 5;

// In 1/1024 of a pixel: shifted right by the difference of the two, the sum of a column's and a row's is the place that
// a pixel looks at, in 1/32. The half of 1/32 is in the rows'.
struct WarpSteps {
  std::vector<int32_t> columns_x, columns_y;  // [part.width]
  std::vector<int32_t> rows_x, rows_y;        // [part.height]
};

// For the pixels of `part`; `from_target` is row-major 2x3, the place that a pixel (x, y) looks at.
WarpSteps warp_steps(const std::array<double, 6>& from_target, const PixelBox& part);

}  // namespace base
}  // namespace animate
