#include "motion/expression_edit.h"

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "motion/animation_region.h"
#include "motion/lip_array.h"
#include "motion/point_math.h"
#include "motion/rotation.h"
#include "motion/smooth_motion.h"

namespace animate::motion {
namespace {

// The editing functions forget to drop t_z, unlike everything else.
Points3 keypoints_with_depth(const FaceMotion& motion) {
  Points3 keypoints = motion.keypoints();
  for (Point3& point : keypoints) point[2] += motion.translation[2];
  return keypoints;
}

// The rotation, scale and expression of a face as the sliders change them; what a slider leaves alone stays bit for
// bit.
FaceMotion edited(FaceMotion motion, const SliderValues& sliders) {
  const HeadPose turn{static_cast<float>(sliders[Slider::HeadPitch]), static_cast<float>(sliders[Slider::HeadYaw]),
                      static_cast<float>(sliders[Slider::HeadRoll])};
  if (turn.pitch != 0 || turn.yaw != 0 || turn.roll != 0) {
    const HeadPose pose = head_pose(motion.rotation);
    motion.rotation = rotation_matrix({pose.pitch + turn.pitch, pose.yaw + turn.yaw, pose.roll + turn.roll});
  }
  motion.scale *= static_cast<float>(sliders[Slider::MovZ]);
  motion.expression = plus(motion.expression, expression_delta(sliders, motion.expression.size()));
  return motion;
}

void check_retargeting(const FaceEdit& edit, const Retargeter* retargeter, bool measured) {
  if (!edit.eyes_open && !edit.lip_open) return;
  check(retargeter != nullptr, ErrorKind::Model,
        "retargeting: the model has no stitching_retargeting_module.pth; add it to the model's folder, or leave the "
        "eyes and lips as open as they are");
  check(measured, ErrorKind::Input,
        "source: eyes and lips were not measured; give the model its landmark.onnx, or leave them as open as they are");
}

// What is added for the eyes, and for the lips; empty where nothing is asked for or nothing was measured.
Points3 eye_opening(const FaceFrame& source, const FaceEdit& edit, const Retargeter* retargeter) {
  if (!edit.eyes_open || !source.ratios) return {};
  const auto [left, right] = source.ratios->eyes;
  return retargeter->eye_delta(source.motion.keypoints(), {left, right, static_cast<float>(*edit.eyes_open)});
}

Points3 lip_opening(const FaceFrame& source, const FaceEdit& edit, const Retargeter* retargeter) {
  if (!edit.lip_open || !source.ratios) return {};
  return retargeter->lip_delta(source.motion.keypoints(), {source.ratios->lip, static_cast<float>(*edit.lip_open)});
}

// The same for every frame of a video, smoothed; empty where no frame asks for it.
template <typename Opening>
std::vector<Points3> openings(std::span<const FaceFrame> source, std::span<const FaceEdit> edits,
                              const Retargeter* retargeter, Opening opening, double observation_variance) {
  std::vector<Points3> deltas;
  deltas.reserve(source.size());
  bool any = false;
  for (size_t i = 0; i < source.size(); ++i) {
    Points3 delta = opening(source[i], edits[i], retargeter);
    any = any || !delta.empty();
    if (delta.empty()) delta = deltas.empty() ? Points3(source[i].motion.expression.size(), Point3{}) : deltas.back();
    deltas.push_back(std::move(delta));
  }
  return any ? smooth_points(std::move(deltas), observation_variance) : std::vector<Points3>();
}

}  // namespace

Points3 edited_keypoints(const FaceFrame& source, const FaceEdit& edit, const Retargeter* retargeter) {
  check_retargeting(edit, retargeter, source.ratios.has_value());
  const Points3 at_rest = source.motion.keypoints();
  Points3 keypoints = keypoints_with_depth(edited(source.motion, edit.sliders));
  keypoints = plus(std::move(keypoints), eye_opening(source, edit, retargeter));
  keypoints = plus(std::move(keypoints), lip_opening(source, edit, retargeter));
  return edit.stitching && retargeter != nullptr ? retargeter->stitch(at_rest, keypoints) : keypoints;
}

Points3 edit_on_top(const FaceMotion& moved, const FaceFrame& source, const FaceEdit& edit,
                    const Retargeter* retargeter) {
  check_retargeting(edit, retargeter, /*measured=*/true);
  Points3 delta = minus(edited(moved, edit.sliders).keypoints(), moved.keypoints());
  delta = plus(std::move(delta), eye_opening(source, edit, retargeter));
  return plus(std::move(delta), lip_opening(source, edit, retargeter));
}

std::vector<Points3> edited_video(std::span<const FaceFrame> source, std::span<const FaceEdit> edits,
                                  const Retargeter* retargeter, double observation_variance) {
  check(source.size() == edits.size(), ErrorKind::Internal, "{} edits of {} frames", edits.size(), source.size());
  const bool measured = std::any_of(source.begin(), source.end(), [](const auto& f) { return f.ratios.has_value(); });
  for (const FaceEdit& edit : edits) check_retargeting(edit, retargeter, measured);
  const auto eyes = openings(source, edits, retargeter, eye_opening, observation_variance);
  const auto lips = openings(source, edits, retargeter, lip_opening, observation_variance);

  std::vector<Points3> result;
  result.reserve(source.size());
  for (size_t i = 0; i < source.size(); ++i) {
    Points3 keypoints = edited(source[i].motion, edits[i].sliders).keypoints();
    if (!eyes.empty()) keypoints = plus(std::move(keypoints), eyes[i]);
    if (!lips.empty()) keypoints = plus(std::move(keypoints), lips[i]);
    const bool stitched = edits[i].stitching && retargeter != nullptr;
    result.push_back(stitched ? retargeter->stitch(source[i].motion.keypoints(), keypoints) : std::move(keypoints));
  }
  return result;
}

std::vector<Points3> retarget_lips(std::span<const FaceFrame> source, double lip_open, const Retargeter& retargeter,
                                   double observation_variance) {
  FaceEdit edit;
  edit.lip_open = lip_open;
  const bool measured = std::any_of(source.begin(), source.end(), [](const auto& f) { return f.ratios.has_value(); });
  if (!measured) edit.lip_open.reset();
  return edited_video(source, std::vector<FaceEdit>(source.size(), edit), &retargeter, observation_variance);
}

Points3 silent_lips(const FaceMotion& source, const Retargeter* retargeter) {
  FaceMotion silent = source;
  silent.expression = lip_array(source.expression.size());
  copy_eyes(source.expression, silent.expression);
  const Points3 keypoints = keypoints_with_depth(silent);
  return retargeter != nullptr ? retargeter->stitch(source.keypoints(), keypoints) : keypoints;
}

}  // namespace animate::motion
