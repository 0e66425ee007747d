#include "engine/portrait/motion_jitter.h"

#include "motion/flat_points.h"
#include "motion/jitter_meter.h"

namespace animate {
namespace {

JitterMeter measure(const TransferOptions& options, const std::vector<FaceFrame>& source, bool source_is_video,
                    const DrivingMotion& driving) {
  const MotionTransfer moves = source_is_video ? MotionTransfer(options, nullptr, source, driving)
                                               : MotionTransfer(options, nullptr, source.front(), driving);
  JitterMeter meter;
  for (size_t i = 0; i < moves.size(); ++i) meter.add(flat_points(moves.driving_keypoints(i)));
  return meter;
}

}  // namespace

std::optional<MotionJitter> measure_jitter(TransferOptions options, const std::vector<FaceFrame>& source,
                                           bool source_is_video, const DrivingMotion& driving) {
  if (!driving.is_video || driving.frames.size() < 3) return std::nullopt;
  options.stitching = false;
  options.normalize_lip = false;
  options.eye_retargeting = false;
  options.lip_retargeting = false;
  options.source_video_eye_retargeting = false;
  const JitterMeter after = measure(options, source, source_is_video, driving);
  if (!after.mean()) return std::nullopt;
  const bool smooths = source_is_video ? options.driving_smooth_observation_variance > 0 : options.smooth_variance > 0;
  options.driving_smooth_observation_variance = 0;
  options.smooth_variance = 0;
  const double before = smooths ? *measure(options, source, source_is_video, driving).mean() : *after.mean();
  return MotionJitter{before, *after.mean(), after.frames()};
}

}  // namespace animate
