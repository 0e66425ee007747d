#pragma once

#include <cstdint>
#include <vector>

namespace animate::motion {

// When and how people blink (motion/README.md#blinks).

// Blinks a minute, at least and at most.
inline constexpr double kFewestBlinks = 10;
inline constexpr double kMostBlinks = 25;
// Seconds from a lid's first movement to its last.
inline constexpr double kBlinkSeconds = 0.34;

// How far a lid is shut, 0 open to 1, `seconds` after the blink began: it shuts in 0.1 s, rests for 0.04 and opens
// twice as slowly. 0 outside.
double blink_lid(double seconds);

// When blinks begin in a motion of `length` seconds that goes round, ascending. None crosses the seam; gaps are skewed
// as people's are, many short ones and few long. Below 60 / kMostBlinks seconds there is none.
std::vector<double> blink_times(uint64_t seed, double length);

}  // namespace animate::motion
