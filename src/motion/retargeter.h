#pragma once

#include <array>

#include "motion/face_motion.h"

namespace animate::motion {

// LivePortrait's three small networks as the motion formulas see them
// (models/liveportrait/README.md#stitching-and-retargeting-networks). The networks themselves are in
// models/liveportrait; tests put simple functions in their place. Const and thread-safe.
class Retargeter {
 public:
  virtual ~Retargeter() = default;

  // Driving keypoints moved so that the result joins the source's shoulders; [K] each.
  virtual Points3 stitch(const Points3& source, const Points3& driving) const = 0;
  // What to add to the keypoints for eyes as open as ratios[2]; ratios[0..1] are the source's left and right.
  virtual Points3 eye_delta(const Points3& source, const std::array<float, 3>& ratios) const = 0;
  // What to add for lips as open as ratios[1]; ratios[0] is the source's.
  virtual Points3 lip_delta(const Points3& source, const std::array<float, 2>& ratios) const = 0;
};

}  // namespace animate::motion
