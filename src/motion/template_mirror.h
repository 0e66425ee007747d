#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "motion/face_template.h"

namespace animate::motion {

// Motion with left and right exchanged: rotation S R S with S = diag(-1, 1, 1), the sideways part of translation and
// of every point negated, points of a pair and the eyes' ratios exchanged. Twice gives the motion again, bit by bit.
// Throws Error(Input) when the pairs of points are not known; `shown` is the file.
FaceTemplate mirror(const FaceTemplate& face, const std::string& shown);

// Which point takes each one's place in a mirror; points in the middle take their own.
// From the canonical points where they are known and symmetric enough: the nearest point to the mirror image of each,
// as long as that pairs them up. Else, for 21 points, a table. Empty when neither is to be had.
std::vector<size_t> mirror_partners(const FaceTemplate& face);

}  // namespace animate::motion
