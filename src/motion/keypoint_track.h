#pragma once

#include <cstddef>

#include "base/points.h"

namespace animate::motion {

// The keypoints of one face in every frame of a result, wherever its motion comes from. Const and thread-safe.
class KeypointTrack {
 public:
  virtual ~KeypointTrack() = default;
  // Of frame i: where the face has its keypoints in the source, x_s, and where it is to have them, x_d; [K] each.
  virtual Points3 source_keypoints(size_t i) const = 0;
  virtual Points3 driving_keypoints(size_t i) const = 0;
};

}  // namespace animate::motion
