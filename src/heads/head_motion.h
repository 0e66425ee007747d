#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "heads/head_parameters.h"

namespace animate::heads {

struct HeadMotion {
  Pose pose;
  Expression expression;
};

// A clip of `frames` pictures at `rate` a second: the head sways below 0.7 Hz, blinks every few seconds, talks in
// phrases at three to five syllables a second, and looks around. Its first frame is calm, which relative transfer
// starts from. The same seed gives the same motion, up to the last bit of the mathematical library's sine.
std::vector<HeadMotion> smooth_motion(uint64_t seed, int64_t frames, double rate = 25);

}  // namespace animate::heads
