#pragma once

#include <span>

#include "animate/point.h"

namespace animate::core {

// Area of the convex hull of a point set (Andrew's monotone chain, then the shoelace formula).
// Fewer than three points, or points on one line, have area 0.
double convex_hull_area(std::span<const Point> points);

}  // namespace animate::core
