#pragma once

#include <stop_token>

#include "animate/animator.h"
#include "catalog/liveportrait_options.h"
#include "models/liveportrait/liveportrait_model.h"

namespace animate {

// Sides in pixels: of what the networks see, and of the crops that it is shrunk from.
inline constexpr int kViewSide = static_cast<int>(liveportrait::LivePortraitModel::kFrameSize);
inline constexpr int kCropSide = 2 * kViewSide;

// What every part of a LivePortrait job needs to know. Refers to what its caller holds.
struct PortraitJob {
  const liveportrait::LivePortraitModel& model;
  const AnimateJob& job;
  const LivePortraitOptions& own;
  Progress& progress;
  std::stop_token stop;
  // Whether the model's device is the place where faces are cut out and pasted back; the pictures are the same.
  bool device_faces = !model.device().is_cpu();

  bool crops() const { return job.options.crop.crop != "none"; }
  // Whether faces go back into the full picture.
  bool pastes() const {
    // The original silently leaves the picture out without stitching.
    const bool allowed = crops() && (own.stitching || !own.like_the_original());
    return allowed && job.options.crop.paste_back != "off";
  }
};

inline const LivePortraitOptions& liveportrait_options(const AnimateOptions& options) {
  return dynamic_cast<const LivePortraitOptions&>(*options.of("liveportrait"));
}

}  // namespace animate
