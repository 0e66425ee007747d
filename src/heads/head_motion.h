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

// What relative transfer should make of a head: `head` as it is, moved by what the driver has changed since its first
// frame. Shifts, angles and the expression's numbers are added, sizes multiplied; the scene and identity stay. Every
// number is kept in its range, poses in those of heads/README.md#ranges (two deviations); `clipped`, where given, tells
// whether one had to be, so that there is no right answer.
Head transferred(const Head& head, const HeadMotion& driver_first, const HeadMotion& driver_now,
                 bool* clipped = nullptr);

}  // namespace animate::heads
