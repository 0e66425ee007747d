#pragma once

#include <string>

#include "motion/motion_template.h"

namespace animate::motion {

// Two motions into one, at the first one's frame rate and with its sound. Canonical points and open ratios that only
// one of them has are left out. Both functions throw Error(Input) when the motions are of different families or hold
// different arrays; `second` is the second file, for the message.

// Both at once, as long as the shorter one: weight 0 is the first, 1 the second.
MotionTemplate mix(const MotionTemplate& a, const MotionTemplate& b, double weight, const std::string& second);

// One after the other, the first going over into the second within `seconds`, which are counted once.
// Throws Error(Usage) when one of them is shorter than that.
MotionTemplate crossfade(const MotionTemplate& a, const MotionTemplate& b, double seconds, const std::string& second);

}  // namespace animate::motion
