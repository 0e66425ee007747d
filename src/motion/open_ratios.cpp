#include "motion/open_ratios.h"

#include <cmath>
#include <cstdlib>
#include <string>

#include "base/error.h"

namespace animate::motion {
namespace {

constexpr size_t kLandmarks = 203;

float distance(const Point2& a, const Point2& b) {
  const float x = a[0] - b[0];
  const float y = a[1] - b[1];
  return std::sqrt(x * x + y * y);
}

}  // namespace

OpenRatios open_ratios(const Points2& landmarks) {
  check(landmarks.size() == kLandmarks, ErrorKind::Model,
        "landmarks: {} points, and eyes and lips are measured on {}; use LivePortrait's landmark.onnx",
        landmarks.size(), kLandmarks);
  const auto ratio = [&landmarks](size_t above, size_t below, size_t left, size_t right) {
    // The small number keeps the quotient finite for a width of 0.
    return distance(landmarks[above], landmarks[below]) / (distance(landmarks[left], landmarks[right]) + 1e-6F);
  };
  return {{ratio(6, 18, 0, 12), ratio(30, 42, 24, 36)}, ratio(90, 102, 48, 66)};
}

double slider_start(double ratio) {
  // Printing rounds the exact value of the double correctly; multiplying by 100 first would not.
  return std::strtod(fmt::format("{:.2f}", ratio).c_str(), nullptr);
}

}  // namespace animate::motion
