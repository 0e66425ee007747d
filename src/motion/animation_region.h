#pragma once

#include "animate/liveportrait_options.h"
#include "base/points.h"

namespace animate::motion {

// The rotation and the translation of the head move with it.
bool moves_pose(AnimationRegion region);

// Copies into `to` what the region takes of the expression `from` (models/liveportrait/README.md#regions): the lips' or
// the eyes' points for Lip and Eyes, nothing for Pose, else the original's selection of points and axes, which leaves
// those of the outline as they are. Only points that both have.
void copy_region(AnimationRegion region, const Points3& from, Points3& to);

// Copies the points about the eyes.
void copy_eyes(const Points3& from, Points3& to);

}  // namespace animate::motion
