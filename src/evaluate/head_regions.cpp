#include "evaluate/head_regions.h"

#include <algorithm>
#include <cmath>

namespace animate::evaluate {
namespace {

double distance(const heads::HeadTruth& truth, size_t a, size_t b) {
  return std::hypot(truth.points[a][0] - truth.points[b][0], truth.points[a][1] - truth.points[b][1]);
}

// Around points of [-1, 1], `margin` added on every side.
Region around(const heads::HeadTruth& truth, std::initializer_list<size_t> points, double margin, int64_t size) {
  double x0 = 9, y0 = 9, x1 = -9, y1 = -9;
  for (const size_t k : points) {
    x0 = std::min<double>(x0, truth.points[k][0]), x1 = std::max<double>(x1, truth.points[k][0]);
    y0 = std::min<double>(y0, truth.points[k][1]), y1 = std::max<double>(y1, truth.points[k][1]);
  }
  const auto pixel = [size](double place) {
    const double at = std::round((place + 1) / 2 * static_cast<double>(size));
    return static_cast<int64_t>(std::clamp(at, 0.0, static_cast<double>(size)));
  };
  return {pixel(x0 - margin), pixel(y0 - margin), pixel(x1 + margin), pixel(y1 + margin)};
}

}  // namespace

Region mouth_region(const heads::HeadTruth& truth, int64_t size) {
  return around(truth, {heads::kLeftMouth, heads::kRightMouth, heads::kUpperLip, heads::kLowerLip},
                distance(truth, heads::kLeftMouth, heads::kRightMouth) / 3, size);
}

Region eye_region(const heads::HeadTruth& truth, heads::Keypoint eye, int64_t size) {
  return around(truth, {static_cast<size_t>(eye)}, 0.35 * distance(truth, heads::kLeftEye, heads::kRightEye), size);
}

torch::Tensor part_of(const torch::Tensor& pictures, const Region& region) {
  return pictures.narrow(2, region.y0, region.y1 - region.y0).narrow(3, region.x0, region.x1 - region.x0);
}

}  // namespace animate::evaluate
