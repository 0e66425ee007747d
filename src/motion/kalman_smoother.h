#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace animate::motion {

// The original's process variance: how much a value may wander from one frame to the next.
inline constexpr double kProcessVariance = 1e-5;

// Smooths tracks of numbers over time, forwards and backwards, by a random walk seen through noise
// (models/liveportrait/README.md#smoothing: Kalman filter and Rauch-Tung-Striebel smoother with identity models, start
// at the first value with variance 1). All values of a frame are independent and share their gains, so these are
// computed once for a length and each track then costs two passes. Double precision; memory of three numbers a frame.
class KalmanSmoother {
 public:
  // For tracks of `frames` values, noisy by `observation_variance` >= 0 (in the square of their unit).
  // Throws Error(Usage) for a variance that is negative or not finite.
  KalmanSmoother(size_t frames, double observation_variance, double process_variance = kProcessVariance);

  // Smooths one track in place. A track of one value stays as it is. Throws Error(Internal) for another length.
  void smooth(std::span<double> track);

 private:
  std::vector<double> forward_;   // how far the estimate follows a new value
  std::vector<double> backward_;  // how far it follows the one behind it
  std::vector<double> predicted_;
};

}  // namespace animate::motion
