#pragma once

#include <array>
#include <vector>

namespace animate {
inline namespace base {

// Point lists as the networks and the formulas of LivePortrait see them: single precision, rows of a matrix.
// (animate::Point is the public, drawn kind.)
using Point2 = std::array<float, 2>;  // x, y: in pixels for landmarks
using Points2 = std::vector<Point2>;
using Point3 = std::array<float, 3>;  // x right, y down, z inwards; nominally in [-1, 1]
using Points3 = std::vector<Point3>;
using Matrix3 = std::array<Point3, 3>;  // row-major; points are rows: x' = x * R

}  // namespace base
}  // namespace animate
