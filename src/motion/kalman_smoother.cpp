#include "motion/kalman_smoother.h"

#include <cmath>

#include "base/error.h"

namespace animate::motion {

KalmanSmoother::KalmanSmoother(size_t frames, double observation_variance, double process_variance)
    : forward_(frames), backward_(frames), predicted_(frames) {
  check(std::isfinite(observation_variance) && observation_variance >= 0, ErrorKind::Usage,
        "smoothing: a variance of {} has no meaning; give 0 or more", observation_variance);
  check(std::isfinite(process_variance) && process_variance > 0, ErrorKind::Usage,
        "smoothing: a process variance of {} has no meaning; give more than 0", process_variance);
  double predicted = 1;
  for (size_t t = 0; t < frames; ++t) {
    forward_[t] = predicted / (predicted + observation_variance);
    const double filtered = predicted - forward_[t] * predicted;
    predicted = filtered + process_variance;
    backward_[t] = filtered / predicted;
  }
}

void KalmanSmoother::smooth(std::span<double> track) {
  check(track.size() == forward_.size(), ErrorKind::Internal, "smoothing a track of {} values with gains for {}",
        track.size(), forward_.size());
  if (track.size() < 2) return;
  double estimate = track[0];
  for (size_t t = 0; t < track.size(); ++t) {
    predicted_[t] = estimate;
    estimate += forward_[t] * (track[t] - estimate);
    track[t] = estimate;
  }
  for (size_t t = track.size() - 1; t-- > 0;) track[t] += backward_[t] * (track[t + 1] - predicted_[t + 1]);
}

}  // namespace animate::motion
