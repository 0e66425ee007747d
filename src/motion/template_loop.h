#pragma once

#include <cstddef>
#include <string>

#include "motion/motion_template.h"

namespace animate::motion {

struct LoopOptions {
  double min_seconds = 0;      // shortest loop; 0: half of the template
  double blend_seconds = 0.3;  // over which the end goes over into the beginning, as far as there is motion for it
};

// How a motion goes round. A step is the way from one frame to the next: the root of the mean square change of its
// arrays, each in units of its own spread over the whole template, so that turns, expressions and shifts count alike.
struct LoopResult {
  MotionTemplate motion;
  size_t first = 0;  // frame of the original where the loop begins
  size_t last = 0;   // frame of the original that the loop's beginning stands for: the loop has last - first frames
  double step_before = 0;  // from the original's last frame to its first, in steps of average size
  double step_after = 0;   // the same for the loop
};

// The part of the motion that goes round best: the two frames, far enough apart, whose poses and speeds are nearest.
// Their distance is the mean square difference of poses plus that of speeds, arrays weighted as for a step; the longer
// loop wins among equals. The loop's end is then blended into what precedes its beginning in the original, or its
// beginning with what follows its end, whichever there is more of. A motion at irregular times is resampled first.
// Sound stays where the loop begins. Throws Error(Input) for a motion too short to have a loop; `shown` is the file.
LoopResult find_loop(const MotionTemplate& motion, const LoopOptions& options, const std::string& shown);

}  // namespace animate::motion
