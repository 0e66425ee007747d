#include "models/liveportrait/transfer_options.h"

#include "catalog/liveportrait_options.h"
#include "motion/smooth_motion.h"

namespace animate::liveportrait {
namespace {

AnimationRegion region_of(const std::string& word) {
  if (word == "exp") return AnimationRegion::Expression;
  if (word == "pose") return AnimationRegion::Pose;
  if (word == "lip") return AnimationRegion::Lip;
  return word == "eyes" ? AnimationRegion::Eyes : AnimationRegion::All;
}

}  // namespace

TransferOptions transfer_options(const AnimateOptions& options) {
  TransferOptions transfer;
  transfer.relative = options.motion.relative;
  const auto* own = dynamic_cast<const LivePortraitOptions*>(options.of("liveportrait"));
  if (own == nullptr) return transfer;
  transfer.region = region_of(own->animation_region);
  transfer.driving_option =
      own->driving_option == "pose-friendly" ? DrivingOption::PoseFriendly : DrivingOption::ExpressionFriendly;
  transfer.driving_multiplier = own->driving_multiplier;
  transfer.stitching = own->stitching;
  transfer.normalize_lip = own->normalize_lip;
  transfer.eye_retargeting = own->eye_retargeting;
  transfer.lip_retargeting = own->lip_retargeting;
  transfer.source_video_eye_retargeting = own->source_video_eye_retargeting;
  transfer.driving_smooth_observation_variance = own->driving_smooth_observation_variance;
  transfer.smooth_variance = smooth_variance(own->smooth);
  return transfer;
}

}  // namespace animate::liveportrait
