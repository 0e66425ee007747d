#include "models/liveportrait/transfer_options.h"

#include "motion/smooth_motion.h"

namespace animate::models::liveportrait {

motion::TransferOptions transfer_options(const AnimateOptions& options) {
  motion::TransferOptions transfer;
  transfer.relative = options.motion.relative;
  const LivePortraitOptions& own = options.liveportrait;
  transfer.region = own.animation_region;
  transfer.driving_option = own.driving_option;
  transfer.driving_multiplier = own.driving_multiplier;
  transfer.stitching = own.stitching;
  transfer.normalize_lip = own.normalize_lip;
  transfer.eye_retargeting = own.eye_retargeting;
  transfer.lip_retargeting = own.lip_retargeting;
  transfer.source_video_eye_retargeting = own.source_video_eye_retargeting;
  transfer.driving_smooth_observation_variance = own.driving_smooth_observation_variance;
  transfer.smooth_variance = motion::smooth_variance(own.smooth);
  return transfer;
}

}  // namespace animate::models::liveportrait
