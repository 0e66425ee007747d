#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "base/pixel_box.h"

namespace animate {
inline namespace base {

// How cv::warpAffine counts: a coordinate is what its column adds and what its row adds, each rounded to 1/1024; half
// of 1/32 is added on top, and 1/32 is kept. Who counts alike gets its pixels to the bit, also for a part of a picture
// only.
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
