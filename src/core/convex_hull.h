#pragma once

#include <span>

namespace animate {

struct Point {
  double x = 0;
  double y = 0;
};

// Area of the convex hull of a point set (Andrew's monotone chain, then the shoelace formula).
// Fewer than three points, or points on one line, have area 0.
double convex_hull_area(std::span<const Point> points);

}  // namespace animate
