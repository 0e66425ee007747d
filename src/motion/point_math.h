#pragma once

#include <cstddef>
#include <utility>

#include "base/points.h"

namespace animate::motion {

// Sums of point lists, point by point, in single precision as the original does them. A list that is shorter than
// `a` counts as zeros behind its end, so that tables of 21 points serve models with more.

inline Points3 plus(Points3 a, const Points3& b, float factor = 1) {
  for (size_t k = 0; k < a.size() && k < b.size(); ++k) {
    for (size_t axis = 0; axis < 3; ++axis) a[k][axis] += factor * b[k][axis];
  }
  return a;
}

inline Points3 minus(Points3 a, const Points3& b) { return plus(std::move(a), b, -1); }

// origin + (point - origin) * gain for every point.
inline Points3 scaled_about(const Points3& origin, const Points3& points, float gain) {
  Points3 result = origin;
  for (size_t k = 0; k < result.size() && k < points.size(); ++k) {
    for (size_t axis = 0; axis < 3; ++axis) result[k][axis] += (points[k][axis] - origin[k][axis]) * gain;
  }
  return result;
}

}  // namespace animate::motion
