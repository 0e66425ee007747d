#pragma once

#include "motion/motion.h"

namespace animate::motion {

// The motion between two frames of one template: rotations (an array "R" of [1, 3, 3]) turn along the shortest way,
// everything else is linear. Weight 0 is exactly a, 1 exactly b. Both must hold the same arrays; Error(Internal)
// otherwise.
Motion interpolate(const Motion& a, const Motion& b, double weight);

}  // namespace animate::motion
