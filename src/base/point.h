#pragma once

namespace animate {

// A place in a picture, x to the right and y down. Units are the user's: pixels, or [-1, 1] for keypoints.
struct Point {
  double x = 0;
  double y = 0;
};

}  // namespace animate
