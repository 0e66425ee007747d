#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "animate/facts.h"
#include "animate/point.h"

namespace animate::motion {

// Measures how much keypoints tremble while they stream: mean absolute second difference of x and y (see
// MotionJitter). Keeps two frames. Not thread-safe.
class JitterMeter {
 public:
  // The keypoints of the next frame, in [-1, 1]. A frame with another number of points starts anew.
  void add(std::span<const Point> keypoints);
  int64_t frames() const { return frames_; }
  // nullopt before the third frame.
  std::optional<double> mean() const;

 private:
  std::vector<Point> before_, last_;
  int64_t frames_ = 0;
  double sum_ = 0;
  int64_t count_ = 0;
};

// Counts frames in which a keypoint lies outside -1..1, as spans. Not thread-safe.
class OutsideMeter {
 public:
  // Frames come in order, from 0 on; several faces of one frame under the same number.
  void add(int64_t frame, std::span<const Point> keypoints);
  const PosesOutside& result() const { return result_; }

 private:
  PosesOutside result_;
};

}  // namespace animate::motion
