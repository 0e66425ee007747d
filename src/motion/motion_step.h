#pragma once

#include "motion/face_motion.h"

namespace animate::motion {

// How far a face moves from one frame to the next.
struct MotionStep {
  double turn = 0;        // of the head, degrees
  double expression = 0;  // the farthest that a point's expression moves, in units of the canonical points
  double shift = 0;       // of the head in the picture, whose crop is 2 wide
  double scale = 0;       // natural logarithm of the change of size
};

MotionStep step_between(const FaceMotion& before, const FaceMotion& after);

// The 99th percentile of each of these over the 271 steps of the templates d1, d5, laugh and wink that LivePortrait
// publishes, at 25 and 30 frames a second: what moves faster than this does not look like a person. Measured with
// step_between(), linear between the two nearest of the sorted steps (tests/motion/motion_step_test.cpp measures it
// again where the templates are).
inline constexpr MotionStep kFastestStep{1.160, 0.01590, 0.00475, 0.00376};
// The rate for which these hold; at others they are in proportion.
inline constexpr double kStepRate = 25;

}  // namespace animate::motion
