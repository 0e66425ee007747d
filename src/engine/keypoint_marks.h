#pragma once

#include <vector>

#include "animate/image.h"
#include "animate/point.h"

namespace animate::engine {

// A copy of the picture with keypoints, in [-1, 1], drawn on it: discs of the original's size, radius 5 on 256 pixels.
Image marked(const Image& picture, const std::vector<Point>& keypoints);

}  // namespace animate::engine
