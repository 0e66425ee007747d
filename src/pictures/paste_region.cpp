#include "pictures/paste_region.h"

#include <algorithm>
#include <cmath>

namespace animate::pictures {

PixelBox paste_region(const CropTransform& transform, int width, int height) {
  const auto side = static_cast<float>(transform.size);
  const Points2 corners = transform_points({{-1, -1}, {side, -1}, {side, side}, {-1, side}}, transform.image_from_crop);
  double left = width;
  double top = height;
  double right = 0;
  double bottom = 0;
  for (const auto& [x, y] : corners) {
    left = std::min<double>(left, x);
    top = std::min<double>(top, y);
    right = std::max<double>(right, x);
    bottom = std::max<double>(bottom, y);
  }
  constexpr double rounding = 2;
  const auto first = [](double value, int limit) {
    return static_cast<int>(std::clamp(std::floor(value - rounding), 0.0, static_cast<double>(limit)));
  };
  const auto last = [](double value, int limit) {
    return static_cast<int>(std::clamp(std::ceil(value + rounding), 0.0, static_cast<double>(limit)));
  };
  const int x = first(left, width);
  const int y = first(top, height);
  return {x, y, std::max(0, last(right, width) - x), std::max(0, last(bottom, height) - y)};
}

std::array<double, 6> inverse_for_warp(const std::array<float, 9>& matrix) {
  std::array<double, 6> m{matrix[0], matrix[1], matrix[2], matrix[3], matrix[4], matrix[5]};
  const double determinant = m[0] * m[4] - m[1] * m[3];
  const double factor = determinant != 0 ? 1 / determinant : 0;
  const double m00 = m[4] * factor;
  const double m11 = m[0] * factor;
  m[0] = m00;
  m[1] *= -factor;
  m[3] *= -factor;
  m[4] = m11;
  const double x = -m[0] * m[2] - m[1] * m[5];
  const double y = -m[3] * m[2] - m[4] * m[5];
  m[2] = x;
  m[5] = y;
  return m;
}

}  // namespace animate::pictures
