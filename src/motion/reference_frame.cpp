#include "motion/reference_frame.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include "base/error.h"
#include "motion/rotation.h"

namespace animate::motion {
namespace {

constexpr Matrix3 kFrontal{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};

double distance(const Points3& a, const Points3& b) {
  check(a.size() == b.size(), ErrorKind::Internal, "comparing expressions of {} and of {} points", a.size(), b.size());
  if (a.empty()) return 0;
  double sum = 0;
  for (size_t k = 0; k < a.size(); ++k) {
    for (size_t axis = 0; axis < 3; ++axis) {
      const double difference = static_cast<double>(a[k][axis]) - b[k][axis];
      sum += difference * difference;
    }
  }
  return std::sqrt(sum / static_cast<double>(3 * a.size()));
}

// In units of the mean over all finite ones.
void divide_by_mean(std::vector<double>& values) {
  double sum = 0;
  double count = 0;
  for (const double value : values) {
    if (!std::isfinite(value)) continue;
    sum += value;
    ++count;
  }
  if (sum == 0) return;
  for (double& value : values) value /= sum / count;
}

size_t nearest(const Matrix3& rotation, const Points3& expression, std::span<const FaceFrame> frames) {
  std::vector<double> turns;
  std::vector<double> changes;
  for (const FaceFrame& frame : frames) {
    turns.push_back(angle_between(rotation, frame.motion.rotation));
    changes.push_back(distance(expression, frame.motion.expression));
  }
  divide_by_mean(turns);
  divide_by_mean(changes);
  size_t best = 0;
  double least = std::numeric_limits<double>::infinity();
  for (size_t i = 0; i < frames.size(); ++i) {
    const double cost = turns[i] + changes[i];
    if (cost < least) {  // never true for NaN
      least = cost;
      best = i;
    }
  }
  return best;
}

Points3 median_expression(std::span<const FaceFrame> frames) {
  Points3 median = frames[0].motion.expression;
  std::vector<float> values;
  for (size_t k = 0; k < median.size(); ++k) {
    for (size_t axis = 0; axis < 3; ++axis) {
      values.clear();
      for (const FaceFrame& frame : frames) {
        check(frame.motion.expression.size() == median.size(), ErrorKind::Internal,
              "comparing expressions of {} and of {} points", median.size(), frame.motion.expression.size());
        if (std::isfinite(frame.motion.expression[k][axis])) values.push_back(frame.motion.expression[k][axis]);
      }
      if (values.empty()) continue;
      const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
      std::nth_element(values.begin(), middle, values.end());
      median[k][axis] = *middle;
    }
  }
  return median;
}

}  // namespace

size_t neutral_frame(std::span<const FaceFrame> driving) {
  return driving.empty() ? 0 : nearest(kFrontal, median_expression(driving), driving);
}

size_t nearest_frame(const FaceFrame& source, std::span<const FaceFrame> driving) {
  return nearest(source.motion.rotation, source.motion.expression, driving);
}

}  // namespace animate::motion
