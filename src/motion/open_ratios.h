#pragma once

#include "base/points.h"
#include "motion/face_motion.h"

namespace animate::motion {

// How far eyes and lips are open, from the 203 landmarks of LivePortrait's landmark network
// (models/liveportrait/README.md#open-ratios): the distance of the lids or lips over the width between the corners. In
// any unit: only quotients count. Throws Error(Model) for another number of landmarks.
OpenRatios open_ratios(const Points2& landmarks);

// Where an editing slider starts for this ratio: rounded to two decimals, ties on the exact binary value to even.
double slider_start(double ratio);

}  // namespace animate::motion
