#include "motion/animal_transfer.h"

#include <utility>

#include "base/error.h"
#include "motion/hull_volume.h"
#include "motion/point_math.h"

namespace animate::motion {

AnimalTransfer::AnimalTransfer(FaceMotion source, std::vector<FaceMotion> driving, const FaceMotion& reference,
                               const Retargeter* retargeter, bool stitching, double driving_multiplier)
    : source_(std::move(source)),
      source_keypoints_(source_.keypoints()),
      driving_(std::move(driving)),
      first_(posed(reference)),
      multiplier_(static_cast<float>(motion_multiplier(source_keypoints_, first_).value_or(1))),
      retargeter_(stitching ? retargeter : nullptr),
      gain_(static_cast<float>(driving_multiplier)) {
  for (const FaceMotion& frame : driving_) check_points(frame);
}

void AnimalTransfer::check_points(const FaceMotion& driving) const {
  check(driving.expression.size() == source_.canonical.size(), ErrorKind::Input,
        "driver: its motion has {} points and the source's {}; use a driver made for this model",
        driving.expression.size(), source_.canonical.size());
}

Points3 AnimalTransfer::posed(const FaceMotion& driving) const {
  check_points(driving);
  FaceMotion moved = source_;
  moved.rotation = driving.rotation;
  moved.expression = driving.expression;
  moved.translation = driving.translation;
  return moved.keypoints();
}

Points3 AnimalTransfer::source_keypoints(size_t) const { return source_keypoints_; }

Points3 AnimalTransfer::driving_keypoints(size_t i) const {
  const size_t at = driving_.size() == 1 ? 0 : i;
  check(at < driving_.size(), ErrorKind::Internal, "frame {} of a driver that has {}", i, driving_.size());
  Points3 keypoints = plus(source_keypoints_, minus(posed(driving_[at]), first_), multiplier_);
  if (retargeter_ != nullptr) keypoints = retargeter_->stitch(source_keypoints_, keypoints);
  return scaled_about(source_keypoints_, keypoints, gain_);
}

}  // namespace animate::motion
