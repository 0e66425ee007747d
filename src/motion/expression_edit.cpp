#include "motion/expression_edit.h"

#include "base/error.h"
#include "motion/animation_region.h"
#include "motion/lip_array.h"
#include "motion/point_math.h"
#include "motion/rotation.h"
#include "motion/smooth_motion.h"

namespace animate {
namespace {

// The editing functions forget to drop t_z, unlike everything else.
Points3 keypoints_with_depth(const FaceMotion& motion) {
  Points3 keypoints = motion.keypoints();
  for (Point3& point : keypoints) point[2] += motion.translation[2];
  return keypoints;
}

}  // namespace

Points3 edited_keypoints(const FaceFrame& source, const FaceEdit& edit, const Retargeter* retargeter) {
  const bool retargets = edit.eyes_open || edit.lip_open;
  check(!retargets || retargeter != nullptr, ErrorKind::Model,
        "retargeting: the model has no stitching_retargeting_module.pth; add it to the model's folder, or leave the "
        "eyes and lips as open as they are");
  check(!retargets || source.ratios, ErrorKind::Input,
        "source: eyes and lips were not measured; give the model its landmark.onnx, or leave them as open as they are");

  FaceMotion edited = source.motion;
  const HeadPose pose = head_pose(edited.rotation);
  const HeadPose turn{static_cast<float>(edit.sliders[Slider::HeadPitch]),
                      static_cast<float>(edit.sliders[Slider::HeadYaw]),
                      static_cast<float>(edit.sliders[Slider::HeadRoll])};
  if (turn.pitch != 0 || turn.yaw != 0 || turn.roll != 0) {
    edited.rotation = rotation_matrix({pose.pitch + turn.pitch, pose.yaw + turn.yaw, pose.roll + turn.roll});
  }
  edited.scale *= static_cast<float>(edit.sliders[Slider::MovZ]);
  edited.expression = plus(source.motion.expression, expression_delta(edit.sliders, edited.expression.size()));

  const Points3 at_rest = source.motion.keypoints();
  Points3 keypoints = keypoints_with_depth(edited);
  if (edit.eyes_open) {
    const auto [left, right] = source.ratios->eyes;
    keypoints =
        plus(std::move(keypoints), retargeter->eye_delta(at_rest, {left, right, static_cast<float>(*edit.eyes_open)}));
  }
  if (edit.lip_open) {
    keypoints = plus(std::move(keypoints),
                     retargeter->lip_delta(at_rest, {source.ratios->lip, static_cast<float>(*edit.lip_open)}));
  }
  return edit.stitching && retargeter != nullptr ? retargeter->stitch(at_rest, keypoints) : keypoints;
}

std::vector<Points3> retarget_lips(std::span<const FaceFrame> source, double lip_open, const Retargeter& retargeter,
                                   double observation_variance) {
  std::vector<Points3> deltas;
  deltas.reserve(source.size());
  for (const FaceFrame& frame : source) {
    if (frame.ratios) {
      deltas.push_back(
          retargeter.lip_delta(frame.motion.keypoints(), {frame.ratios->lip, static_cast<float>(lip_open)}));
    } else {
      deltas.push_back(deltas.empty() ? Points3(frame.motion.expression.size(), Point3{}) : deltas.back());
    }
  }
  deltas = smooth_points(std::move(deltas), observation_variance);
  for (size_t i = 0; i < source.size(); ++i) {
    const Points3 at_rest = source[i].motion.keypoints();
    deltas[i] = retargeter.stitch(at_rest, plus(at_rest, deltas[i]));
  }
  return deltas;
}

Points3 silent_lips(const FaceMotion& source, const Retargeter* retargeter) {
  FaceMotion silent = source;
  silent.expression = lip_array(source.expression.size());
  copy_eyes(source.expression, silent.expression);
  const Points3 keypoints = keypoints_with_depth(silent);
  return retargeter != nullptr ? retargeter->stitch(source.keypoints(), keypoints) : keypoints;
}

}  // namespace animate
