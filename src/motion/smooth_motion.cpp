#include "motion/smooth_motion.h"

#include <cmath>

#include "base/error.h"
#include "motion/kalman_smoother.h"
#include "motion/rotation.h"

namespace animate::motion {
namespace {

// `value(t, j)` is a reference to number j < width of frame t < frames.
template <typename Value>
void smooth_each(size_t frames, size_t width, double observation_variance, const Value& value) {
  KalmanSmoother smoother(frames, observation_variance);  // before the next line: it checks the variance
  if (observation_variance == 0 || frames < 2) return;
  std::vector<double> track(frames);
  for (size_t j = 0; j < width; ++j) {
    for (size_t t = 0; t < frames; ++t) track[t] = value(t, j);
    smoother.smooth(track);
    for (size_t t = 0; t < frames; ++t) value(t, j) = static_cast<float>(track[t]);
  }
}

void check_points(size_t expected, size_t actual) {
  check(expected == actual, ErrorKind::Internal, "smoothing frames of {} and of {} points", expected, actual);
}

}  // namespace

std::vector<Points3> smooth_points(std::vector<Points3> frames, double observation_variance) {
  const size_t points = frames.empty() ? 0 : frames[0].size();
  for (const Points3& frame : frames) check_points(points, frame.size());
  smooth_each(frames.size(), 3 * points, observation_variance,
              [&](size_t t, size_t j) -> float& { return frames[t][j / 3][j % 3]; });
  return frames;
}

std::vector<Matrix3> smooth_rotations(std::vector<Matrix3> frames, double observation_variance, bool orthonormal) {
  smooth_each(frames.size(), 9, observation_variance,
              [&](size_t t, size_t j) -> float& { return frames[t][j / 3][j % 3]; });
  if (orthonormal && observation_variance > 0 && frames.size() > 1) {
    for (Matrix3& frame : frames) frame = nearest_rotation(frame);
  }
  return frames;
}

std::vector<FaceFrame> smooth_frames(std::vector<FaceFrame> frames, double observation_variance) {
  const size_t points = frames.empty() ? 0 : frames[0].motion.expression.size();
  for (const FaceFrame& frame : frames) check_points(points, frame.motion.expression.size());
  const auto each = [&](size_t width, const auto& value) {
    smooth_each(frames.size(), width, observation_variance,
                [&](size_t t, size_t j) -> float& { return value(frames[t].motion, j); });
  };
  each(3 * points, [](FaceMotion& motion, size_t j) -> float& { return motion.expression[j / 3][j % 3]; });
  each(9, [](FaceMotion& motion, size_t j) -> float& { return motion.rotation[j / 3][j % 3]; });
  each(3, [](FaceMotion& motion, size_t j) -> float& { return motion.translation[j]; });
  each(1, [](FaceMotion& motion, size_t) -> float& { return motion.scale; });
  if (observation_variance > 0 && frames.size() > 1) {
    for (FaceFrame& frame : frames) frame.motion.rotation = nearest_rotation(frame.motion.rotation);
  }
  return frames;
}

double smooth_variance(double strength) {
  check(strength >= 0 && strength <= 1, ErrorKind::Usage, "--smooth {}: out of range; give a number from 0 to 1",
        strength);
  return strength == 0 ? 0 : 1e-10 * std::pow(1e8, strength);
}

}  // namespace animate::motion
