#pragma once

#include "motion/face_motion.h"
#include "motion/retargeter.h"

namespace animate::motion {

// The animals' motion transfer (models/liveportrait/README.md#animals): the driver's pose and expression as they are,
// on the source's face and scale, moved to where the source is. No regions, no ratios. Immutable; frames may stream.
class AnimalTransfer {
 public:
  // `reference` is the driver's first frame. `retargeter` may be null: then nothing is stitched; else it must outlive
  // this object. Throws Error(Input) when the driver has another number of points than the source.
  AnimalTransfer(FaceMotion source, const FaceMotion& reference, const Retargeter* retargeter, bool stitching = true,
                 double driving_multiplier = 1);

  // x_d, [K]. The same error.
  Points3 driving_keypoints(const FaceMotion& driving) const;

 private:
  Points3 posed(const FaceMotion& driving) const;

  FaceMotion source_;
  Points3 source_keypoints_;
  Points3 first_;
  float multiplier_ = 1;
  const Retargeter* retargeter_;
  float gain_;
};

}  // namespace animate::motion
