#include "engine/portrait/motion_jitter.h"

#include "motion/flat_points.h"
#include "motion/jitter_meter.h"

namespace animate::engine {
namespace {

motion::JitterMeter measure(const motion::TransferOptions& options, const std::vector<motion::FaceFrame>& source,
                            bool source_is_video, const motion::DrivingMotion& driving) {
  const motion::MotionTransfer moves = source_is_video
                                           ? motion::MotionTransfer(options, nullptr, source, driving)
                                           : motion::MotionTransfer(options, nullptr, source.front(), driving);
  motion::JitterMeter meter;
  for (size_t i = 0; i < moves.size(); ++i) meter.add(motion::flat_points(moves.driving_keypoints(i)));
  return meter;
}

}  // namespace

std::optional<MotionJitter> measure_jitter(motion::TransferOptions options,
                                           const std::vector<motion::FaceFrame>& source, bool source_is_video,
                                           const motion::DrivingMotion& driving) {
  if (!driving.is_video || driving.frames.size() < 3) return std::nullopt;
  options.stitching = false;
  options.normalize_lip = false;
  options.eye_retargeting = false;
  options.lip_retargeting = false;
  options.source_video_eye_retargeting = false;
  const motion::JitterMeter after = measure(options, source, source_is_video, driving);
  if (!after.mean()) return std::nullopt;
  const bool smooths = source_is_video ? options.driving_smooth_observation_variance > 0 : options.smooth_variance > 0;
  options.driving_smooth_observation_variance = 0;
  options.smooth_variance = 0;
  const double before = smooths ? *measure(options, source, source_is_video, driving).mean() : *after.mean();
  return MotionJitter{before, *after.mean(), after.frames()};
}

}  // namespace animate::engine
