#pragma once

#include <vector>

#include "motion/face_motion.h"
#include "motion/keypoint_track.h"
#include "motion/retargeter.h"

namespace animate::motion {

// The animals' motion transfer (models/liveportrait/README.md#animals): the driver's pose and expression as they are,
// on the source's face and scale, moved to where the source is. No regions, no ratios. Immutable; frames may be asked
// for in any order and from any thread.
class AnimalTransfer : public KeypointTrack {
 public:
  // `driving`: the driver on the result's clock, at least one frame; a still driver has one, which is given to every
  // frame. `reference` is the driver's frame that the movement is measured from; the original's is the first.
  // `retargeter` may be null: then nothing is stitched; else it must outlive this object. Throws Error(Input) when the
  // driver has another number of points than the source.
  AnimalTransfer(FaceMotion source, std::vector<FaceMotion> driving, const FaceMotion& reference,
                 const Retargeter* retargeter, bool stitching = true, double driving_multiplier = 1);

  // x_s, the same in every frame, [K].
  Points3 source_keypoints(size_t i) const override;
  // x_d of frame i, [K]. Throws Error(Internal) for a frame that the driver does not have.
  Points3 driving_keypoints(size_t i) const override;

 private:
  void check_points(const FaceMotion& driving) const;
  Points3 posed(const FaceMotion& driving) const;

  FaceMotion source_;
  Points3 source_keypoints_;
  std::vector<FaceMotion> driving_;
  Points3 first_;
  float multiplier_ = 1;
  const Retargeter* retargeter_;
  float gain_;
};

}  // namespace animate::motion
