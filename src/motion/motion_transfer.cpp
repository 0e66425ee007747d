#include "motion/motion_transfer.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "motion/animation_region.h"
#include "motion/hull_volume.h"
#include "motion/lip_array.h"
#include "motion/point_math.h"
#include "motion/rotation.h"
#include "motion/smooth_motion.h"

namespace animate::motion {
namespace {

// E_s + (E_d - lip_array), in double precision as the original's NumPy does it.
Points3 from_rest(const Points3& source, const Points3& driving) {
  Points3 result = source;
  for (size_t k = 0; k < result.size(); ++k) {
    for (size_t axis = 0; axis < 3; ++axis) {
      const double rest = k < kLipArray.size() ? kLipArray[k][axis] : 0;
      result[k][axis] = static_cast<float>(source[k][axis] + (driving[k][axis] - rest));
    }
  }
  return result;
}

bool all_have_expressions(const std::vector<FaceFrame>& frames, size_t points) {
  return std::all_of(frames.begin(), frames.end(),
                     [points](const FaceFrame& frame) { return frame.motion.expression.size() == points; });
}

}  // namespace

MotionTransfer::MotionTransfer(const TransferOptions& options, const Retargeter* retargeter, FaceFrame source,
                               DrivingMotion driving)
    : MotionTransfer(options, retargeter, std::vector<FaceFrame>{std::move(source)}, false, std::move(driving)) {}

MotionTransfer::MotionTransfer(const TransferOptions& options, const Retargeter* retargeter,
                               std::vector<FaceFrame> source, DrivingMotion driving)
    : MotionTransfer(options, retargeter, std::move(source), true, std::move(driving)) {}

MotionTransfer::MotionTransfer(const TransferOptions& options, const Retargeter* retargeter,
                               std::vector<FaceFrame> source, bool source_is_video, DrivingMotion driving)
    : options_(options),
      retargeter_(retargeter),
      source_(std::move(source)),
      source_is_video_(source_is_video),
      driving_(std::move(driving)) {
  check_inputs();
  if (source_is_video_) {
    prepare_sequences();
  } else {
    prepare_still();
  }
}

void MotionTransfer::check_inputs() const {
  check(!source_.empty() && !driving_.frames.empty(), ErrorKind::Internal, "motion transfer without frames");
  const size_t points = source_[0].motion.canonical.size();
  check(points > 0, ErrorKind::Internal, "motion transfer from a source without canonical points");
  check(all_have_expressions(source_, points), ErrorKind::Internal,
        "motion transfer between source frames of different size");
  check(all_have_expressions(driving_.frames, points), ErrorKind::Input,
        "driver: its motion has {} points and the source's {}; use a driver made for this model",
        driving_.frames[0].motion.expression.size(), points);
  if (driving_.is_video) {
    check(driving_.reference < driving_.frames.size(), ErrorKind::Input,
          "driver: there is no frame {} to start from, it has {}; choose another reference frame", driving_.reference,
          driving_.frames.size());
  }
  check(reference().motion.scale != 0, ErrorKind::Input,
        "driver: the face in reference frame {} has the scale 0; choose another reference frame",
        driving_.is_video ? driving_.reference : 0);

  const bool wants_networks = retargets() || (options_.normalize_lip && options_.relative) ||
                              (options_.source_video_eye_retargeting && source_is_video_);
  const bool measured = std::any_of(source_.begin(), source_.end(), [](const auto& f) { return f.ratios.has_value(); });
  check(retargeter_ != nullptr || !wants_networks || !measured, ErrorKind::Model,
        "retargeting: the model has no stitching_retargeting_module.pth; add it to the model's folder, or leave out "
        "retargeting and lip normalisation");
}

void MotionTransfer::prepare_still() {
  if (!driving_.is_video) return;
  driving_.frames = smooth_frames(std::move(driving_.frames), options_.smooth_variance);
  if (!options_.relative || options_.driving_option != DrivingOption::ExpressionFriendly) return;
  first_ = moved_still(reference().motion).keypoints();
  multiplier_ = motion_multiplier(source_[0].motion.keypoints(), first_).value_or(1);
}

void MotionTransfer::prepare_sequences() {
  const FaceMotion& start = reference().motion;
  expressions_.resize(size());
  if (moves_pose(options_.region)) rotations_.resize(size());
  for (size_t i = 0; i < expressions_.size(); ++i) {
    const FaceMotion& source = source_[i].motion;
    const FaceMotion& driving = driving_frame(i).motion;
    const bool still = !driving_.is_video;
    Points3& expression = expressions_[i];
    if (!options_.relative) {
      expression = driving.expression;
    } else if (still) {
      expression = from_rest(source.expression, driving.expression);
    } else {
      expression = minus(plus(source.expression, driving.expression), start.expression);
    }
    if (rotations_.empty()) continue;
    if (!options_.relative) {
      rotations_[i] = driving.rotation;
    } else if (still) {
      rotations_[i] = source.rotation;
    } else {
      rotations_[i] = multiply(multiply(driving.rotation, transpose(start.rotation)), source.rotation);
    }
  }
  if (!driving_.is_video) return;
  const double variance = options_.driving_smooth_observation_variance;
  expressions_ = smooth_points(std::move(expressions_), variance);
  rotations_ = smooth_rotations(std::move(rotations_), variance, options_.orthonormal_rotations);
}

size_t MotionTransfer::size() const {
  if (!source_is_video_) return driving_.is_video ? driving_.frames.size() : 1;
  return driving_.is_video ? std::min(source_.size(), driving_.frames.size()) : source_.size();
}

Points3 MotionTransfer::source_keypoints(size_t i) const {
  check(i < size(), ErrorKind::Internal, "source keypoints of frame {} of {}", i, size());
  return source_frame(i).motion.keypoints();
}

Points3 MotionTransfer::driving_keypoints(size_t i) const {
  check(i < size(), ErrorKind::Internal, "driving keypoints of frame {} of {}", i, size());
  const FaceFrame& driving = driving_frame(i);
  const FaceMotion moved = source_is_video_ ? moved_video(i) : moved_still(driving.motion);
  Points3 edit;
  if (!edits_.empty()) {
    edit = edit_on_top(moved, source_frame(i), edits_[std::min(i, edits_.size() - 1)], retargeter_);
  }
  return finished(source_frame(i), driving, moved.keypoints(), edit);
}

Points3 MotionTransfer::driving_keypoints(const FaceFrame& driving, const FaceEdit* edit) const {
  check(!source_is_video_, ErrorKind::Internal, "a source video needs its driver from the start");
  check(driving.motion.expression.size() == source_[0].motion.canonical.size(), ErrorKind::Input,
        "driver: its motion has {} points and the source's {}; use a driver made for this model",
        driving.motion.expression.size(), source_[0].motion.canonical.size());
  const FaceMotion moved = moved_still(driving.motion);
  const Points3 added = edit == nullptr ? Points3() : edit_on_top(moved, source_[0], *edit, retargeter_);
  return finished(source_[0], driving, moved.keypoints(), added);
}

FaceMotion MotionTransfer::moved_still(const FaceMotion& driving) const {
  const AnimationRegion region = options_.region;
  const FaceMotion& source = source_[0].motion;
  const FaceMotion& start = reference().motion;
  FaceMotion moved = source;
  if (!options_.relative) {
    if (moves_pose(region)) {
      moved.rotation = driving.rotation;
      moved.translation = driving.translation;
    }
    copy_region(region, driving.expression, moved.expression);
    return moved;
  }

  if (moves_pose(region)) {
    moved.rotation = multiply(multiply(driving.rotation, transpose(start.rotation)), source.rotation);
    for (size_t axis = 0; axis < 3; ++axis) {
      moved.translation[axis] = source.translation[axis] + (driving.translation[axis] - start.translation[axis]);
    }
  }
  if (region == AnimationRegion::All) moved.scale = source.scale * (driving.scale / start.scale);

  Points3 expression;
  if (driving_.is_video) {
    expression = plus(source.expression, minus(driving.expression, start.expression));
  } else if (region == AnimationRegion::Eyes) {
    expression = plus(source.expression, driving.expression);  // the original forgets the face at rest here
  } else {
    expression = from_rest(source.expression, driving.expression);
  }
  if (region == AnimationRegion::All || region == AnimationRegion::Expression) {
    moved.expression = std::move(expression);  // entirely: only this path moves the outline too
  } else {
    copy_region(region, expression, moved.expression);
  }
  return moved;
}

FaceMotion MotionTransfer::moved_video(size_t i) const {
  FaceMotion moved = source_[i].motion;
  copy_region(options_.region, expressions_[i], moved.expression);
  if (moves_pose(options_.region)) {
    moved.rotation = rotations_[i];
    if (!options_.relative) moved.translation = driving_frame(i).motion.translation;
  }
  return moved;
}

Points3 MotionTransfer::finished(const FaceFrame& source, const FaceFrame& driving, Points3 keypoints,
                                 const Points3& edit) const {
  const Points3 at_rest = source.motion.keypoints();
  if (multiplier_) {
    keypoints = plus(at_rest, minus(std::move(keypoints), first_), static_cast<float>(*multiplier_));
  }
  const auto stitch = [&] {
    if (!edit.empty()) keypoints = plus(std::move(keypoints), edit);
    if (options_.stitching && retargeter_ != nullptr) keypoints = retargeter_->stitch(at_rest, keypoints);
  };
  if (retargets()) {
    if (options_.relative) keypoints = at_rest;  // as the original: all other motion is gone
    if (source.ratios && driving.ratios) {
      const auto [left, right] = source.ratios->eyes;
      // The driver's left eye stands for both.
      if (options_.eye_retargeting) {
        keypoints = plus(std::move(keypoints), retargeter_->eye_delta(at_rest, {left, right, driving.ratios->eyes[0]}));
      }
      if (options_.lip_retargeting) {
        keypoints =
            plus(std::move(keypoints), retargeter_->lip_delta(at_rest, {source.ratios->lip, driving.ratios->lip}));
      }
    }
    stitch();
  } else {
    stitch();
    keypoints = plus(std::move(keypoints), lip_closing(source, at_rest));
    keypoints = plus(std::move(keypoints), eye_holding(source, at_rest));
  }
  return scaled_about(at_rest, keypoints, static_cast<float>(options_.driving_multiplier));
}

Points3 MotionTransfer::lip_closing(const FaceFrame& source, const Points3& keypoints) const {
  if (!options_.normalize_lip || !options_.relative || !source.ratios) return {};
  if (source.ratios->lip < options_.lip_normalize_threshold) return {};
  return retargeter_->lip_delta(keypoints, {source.ratios->lip, 0});
}

Points3 MotionTransfer::eye_holding(const FaceFrame& source, const Points3& keypoints) const {
  if (!options_.source_video_eye_retargeting || !source_is_video_ || !source.ratios || !source_[0].ratios) return {};
  double target = (source_[0].ratios->eyes[0] + source_[0].ratios->eyes[1]) / 2;
  if (target < options_.source_video_eye_threshold) target = options_.source_video_eye_open;
  const auto [left, right] = source.ratios->eyes;
  return retargeter_->eye_delta(keypoints, {left, right, static_cast<float>(target)});
}

}  // namespace animate::motion
