#include "engine/keypoint_marks.h"

#include <algorithm>

#include "pictures/draw.h"

namespace animate::engine {
namespace {

constexpr double kRadiusShare = 5.0 / 256;

}  // namespace

Image marked(const Image& picture, const std::vector<Point>& keypoints) {
  Image copy = picture.clone();
  pictures::draw_keypoints(copy, keypoints, std::max(1.0, kRadiusShare * std::min(copy.width(), copy.height())));
  return copy;
}

}  // namespace animate::engine
