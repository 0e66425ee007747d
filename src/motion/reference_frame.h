#pragma once

#include <cstddef>
#include <span>

#include "motion/face_motion.h"

namespace animate::motion {

// Which frame of a driver relative motion should start from. Both measures add two parts: how far the head is turned
// (angle between rotations) and how far the expression differs (root mean square over points and axes). Each part is
// divided by its mean over the clip, so that units and scale do not matter; a part that never differs counts nothing.
// The first of equally good frames wins; frames with numbers that are not finite are left out. 0 for an empty clip.
// Frames must have equally many points, else Error(Internal).

// `--reference neutral`: the most frontal head with the expression nearest to the clip's median, number by number.
// A face at rest is what a clip returns to.
size_t neutral_frame(std::span<const FaceFrame> driving);

// `--reference auto`: the frame whose pose and expression are nearest to the source's.
size_t nearest_frame(const FaceFrame& source, std::span<const FaceFrame> driving);

}  // namespace animate::motion
