#pragma once

#include <span>
#include <vector>

#include "motion/face_motion.h"

namespace animate::motion {

// Whole sequences through the smoother of kalman_smoother.h, results rounded to single precision. An observation
// variance of 0 and a sequence of one frame give the input back bit by bit. Frames of one sequence must have equally
// many points, else Error(Internal); a variance below 0 is Error(Usage).

std::vector<Points3> smooth_points(std::vector<Points3> frames, double observation_variance);

// Element by element, as the original does: the result is a rotation only nearly. `orthonormal` makes it one again.
std::vector<Matrix3> smooth_rotations(std::vector<Matrix3> frames, double observation_variance,
                                      bool orthonormal = false);

// Expression, rotation (made orthonormal), translation and scale of a driver; canonical points and ratios stay.
// For still sources, whose drivers the original does not smooth.
std::vector<FaceFrame> smooth_frames(std::vector<FaceFrame> frames, double observation_variance);

// What `--smooth 0..1` means as an observation variance: 0 is off, else 1e-10 * 1e8^strength. So 0.5 is 1e-6, in the
// region of the original's values (3e-7 for animation, 3e-6 for lip retargeting), and 1 is 1e-2, which averages over
// about a second of video. Throws Error(Usage) outside 0..1.
double smooth_variance(double strength);

}  // namespace animate::motion
