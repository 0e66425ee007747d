#pragma once

#include <vector>

#include "animate/point.h"
#include "base/points.h"

namespace animate::motion {

// x and y of keypoints, as they are drawn and measured.
inline std::vector<Point> flat_points(const Points3& points) {
  std::vector<Point> result;
  result.reserve(points.size());
  for (const Point3& point : points) result.push_back({point[0], point[1]});
  return result;
}

}  // namespace animate::motion
