#pragma once

#include <span>

#include "animate/rational.h"
#include "motion/face_template.h"
#include "motion/idle_motion.h"

namespace animate::motion {

// An idle motion as LivePortrait's own, by its sliders' formulas (models/liveportrait/README.md#sliders): a head turned
// as the state says, blinks by the slider for a wink and its mirror image, the mouth by that for open lips. Without
// canonical points; with open ratios, so that retargeting works, too. Frame 0 is a face at rest, from which relative
// motion starts. From frame to frame no expression moves farther than kFastestStep says.
FaceTemplate idle_face(std::span<const IdleState> states, Rational rate);

// The fastest that IdleState::mouth may go from frame to frame at `rate` frames a second.
double fastest_mouth(double rate);

}  // namespace animate::motion
