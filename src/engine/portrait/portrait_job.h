#pragma once

#include <stop_token>

#include "animate/progress.h"
#include "engine/job_checks.h"
#include "models/liveportrait/liveportrait_model.h"

namespace animate::engine {

// Sides in pixels: of what the networks see, and of the crops that it is shrunk from.
inline constexpr int kViewSide = static_cast<int>(models::liveportrait::LivePortraitModel::kFrameSize);
inline constexpr int kCropSide = 2 * kViewSide;

// Whether faces are cut out at all, and whether they go back into the full picture.
inline bool crops_faces(const AnimateOptions& options) { return options.crop.crop.kind != CropChoice::Kind::None; }
inline bool pastes_faces(const AnimateOptions& options) {
  // The original silently leaves the picture out without stitching.
  const bool allowed = options.liveportrait.stitching || !options.liveportrait.like_the_original();
  return crops_faces(options) && allowed && options.crop.paste_back != Switch::Off;
}

// What every part of a LivePortrait job needs to know. Refers to what its caller holds.
struct PortraitJob {
  const models::liveportrait::LivePortraitModel& model;
  const CheckedJob& job;
  const LivePortraitOptions& own;
  Progress& progress;
  std::stop_token stop;
  // Whether the model's device is the place where faces are cut out and pasted back; the pictures are the same.
  bool device_faces = !model.device().is_cpu();

  bool crops() const { return crops_faces(job.options); }
  bool pastes() const { return pastes_faces(job.options); }
};

}  // namespace animate::engine
