#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "animate/rational.h"

namespace animate::motion {

// What the reader and the writer of LivePortrait's templates agree on beside the original's own layout.

inline constexpr int64_t kTemplatePoints = 21;

// Top-level entry for what the original's layout cannot hold: exact times, the sound, the model's name. LivePortrait
// reads only the entries it knows, so this one does not disturb it.
inline constexpr const char* kOwnKey = "animate";
inline constexpr int64_t kOwnVersion = 1;

// "output_fps" is a whole number in the original.
inline int64_t rounded_rate(const Rational& rate) { return std::max<int64_t>(1, std::llround(rate.value())); }

}  // namespace animate::motion
