#pragma once

namespace animate {

// A position: keypoints in [-1, 1], x then y.
struct Point {
  double x = 0;
  double y = 0;

  bool operator==(const Point&) const = default;
};

}  // namespace animate
