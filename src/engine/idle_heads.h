#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "motion/idle_motion.h"
#include "motion/motion.h"

namespace animate::engine {

// An idle motion as the keypoints of a drawn head, for models whose points are those of drawn heads
// (heads/README.md#truth): the first `points` of a head of middling proportions, "value" [1, points, 2] and "jacobian"
// [1, points, 2, 2] in each frame. Whoever uses it relatively sees none of that head's own shape. Throws
// Error(Internal) for more points than heads have.
std::vector<motion::Motion> idle_heads(std::span<const motion::IdleState> states, int64_t points);

}  // namespace animate::engine
