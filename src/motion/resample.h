#pragma once

#include <span>
#include <vector>

#include "motion/face_motion.h"

namespace animate::motion {

// Motion on another clock: rotations turn along the shortest way, everything else is linear.

// Between two frames; weight 0 is exactly a, 1 exactly b. Ratios that only one of them has come from the nearer frame,
// if it is the one. Throws Error(Internal) when they differ in their number of points.
FaceFrame interpolate(const FaceFrame& a, const FaceFrame& b, double weight);

// The motion at `position`, counted in frames: 1.5 is half way from frame 1 to frame 2. Before the first and behind the
// last frame these hold. Throws Error(Internal) without frames.
FaceFrame frame_at(std::span<const FaceFrame> frames, double position);

// The position of `time` among frames shown at `times` (seconds, ascending, any spacing), for frame_at(); the ends
// hold. Throws Error(Internal) without times.
double position_at(std::span<const double> times, double time);

// The frames at the times 0, 1/to_rate, 2/to_rate ... of a clip with `from_rate` frames a second; it keeps its
// duration, rounded to whole frames, at least one. Equal rates give the frames themselves.
// Throws Error(Usage) unless both rates are above 0.
std::vector<FaceFrame> resample(std::span<const FaceFrame> frames, double from_rate, double to_rate);

}  // namespace animate::motion
