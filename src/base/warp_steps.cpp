#include "base/warp_steps.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace animate {
inline namespace base {
namespace {

constexpr int kHalfPlace = 1 << (kWarpFractionBits - kWarpPlaceBits - 1);

// Half to even, as cv::saturate_cast.
int32_t rounded(double pixels) {
  const double scaled = std::nearbyint(pixels * (1 << kWarpFractionBits));
  // Room for the sum of a column's and a row's.
  constexpr double most = std::numeric_limits<int32_t>::max() / 4;
  return static_cast<int32_t>(std::clamp(scaled, -most, most));
}

}  // namespace

WarpSteps warp_steps(const std::array<double, 6>& m, const PixelBox& part) {
  WarpSteps steps;
  for (int x = part.x; x < part.x + part.width; ++x) {
    steps.columns_x.push_back(rounded(m[0] * x));
    steps.columns_y.push_back(rounded(m[3] * x));
  }
  for (int y = part.y; y < part.y + part.height; ++y) {
    steps.rows_x.push_back(rounded(m[1] * y + m[2]) + kHalfPlace);
    steps.rows_y.push_back(rounded(m[4] * y + m[5]) + kHalfPlace);
  }
  return steps;
}

}  // namespace base
}  // namespace animate
