#include "evaluate/head_movement.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace animate::evaluate {
namespace {

constexpr double kSmallest = 1e-6;  // a detector may say anything: no division by nothing

double height(const std::array<float, 4>& frame) { return std::hypot(frame[1], frame[3]); }

bool moves_by_itself(size_t point) {
  return point == heads::kLeftEye || point == heads::kRightEye || point == heads::kLowerLip;
}

}  // namespace

HeadMovement movement_of(const KeypointSet& keypoints) {
  const auto& p = keypoints.points;
  const double ax = p[heads::kRightEye][0] - p[heads::kLeftEye][0];
  const double ay = p[heads::kRightEye][1] - p[heads::kLeftEye][1];
  const double nx = p[heads::kNoseTip][0] - (p[heads::kRightEye][0] + p[heads::kLeftEye][0]) / 2;
  const double ny = p[heads::kNoseTip][1] - (p[heads::kRightEye][1] + p[heads::kLeftEye][1]) / 2;
  HeadMovement movement;
  movement.yaw = (nx * ax + ny * ay) / std::max(kSmallest, ax * ax + ay * ay);
  if (keypoints.frames.empty()) return movement;
  const auto& f = keypoints.frames;
  double still = 0;
  for (size_t i = 0; i < heads::kBasicKeypoints; ++i) still += moves_by_itself(i) ? 0 : height(f[i]);
  still = std::max(kSmallest, still / (heads::kBasicKeypoints - 3));
  movement.mouth = height(f[heads::kLowerLip]) / still;
  movement.blink = (height(f[heads::kLeftEye]) + height(f[heads::kRightEye])) / 2 / still;
  return movement;
}

std::optional<double> correlation(std::span<const double> truth, std::span<const double> found) {
  check(truth.size() == found.size(), ErrorKind::Internal, "series of {} and {} values correlated", truth.size(),
        found.size());
  if (truth.size() < 3) return std::nullopt;
  const auto mean = [](std::span<const double> values) {
    double sum = 0;
    for (const double value : values) sum += value;
    return sum / static_cast<double>(values.size());
  };
  const double mean_truth = mean(truth), mean_found = mean(found);
  double both = 0, of_truth = 0, of_found = 0;
  for (size_t i = 0; i < truth.size(); ++i) {
    both += (truth[i] - mean_truth) * (found[i] - mean_found);
    of_truth += (truth[i] - mean_truth) * (truth[i] - mean_truth);
    of_found += (found[i] - mean_found) * (found[i] - mean_found);
  }
  // Below a deviation of 1e-6 only rounding is left.
  const double least = 1e-12 * static_cast<double>(truth.size());
  if (of_truth < least) return std::nullopt;
  return of_found < least ? 0 : both / std::sqrt(of_truth * of_found);
}

}  // namespace animate::evaluate
