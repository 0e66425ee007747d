#pragma once

#include <string>

#include "animate/rational.h"

namespace animate {
inline namespace base {

// Frames a second that anything here takes.
inline constexpr double kHighestFrameRate = 1000;

// Parses "25", "29.97" or "30000/1001" exactly; 23.976, 29.97 and 59.94 mean their NTSC fractions.
// Throws Error(Usage).
Rational parse_frame_rate(const std::string& text);

// A rate in (0, kHighestFrameRate] as a fraction: the NTSC fraction it is a rounding of, else to the thousandth.
Rational nearest_frame_rate(double rate);

}  // namespace base
}  // namespace animate
