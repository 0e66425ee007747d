#pragma once

#include <optional>
#include <vector>

#include "animate/facts.h"
#include "motion/motion_transfer.h"

namespace animate::engine {

// How much the keypoints tremble that a driver gives to a source, with the smoother off and as `options` have it.
// Stitching and retargeting, which need networks, stay out of both. `source`: the still's one frame, or every frame of
// a source video. nullopt for a still driver and below three frames.
std::optional<MotionJitter> measure_jitter(motion::TransferOptions options,
                                           const std::vector<motion::FaceFrame>& source, bool source_is_video,
                                           const motion::DrivingMotion& driving);

}  // namespace animate::engine
