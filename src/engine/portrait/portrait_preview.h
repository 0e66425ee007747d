#pragma once

#include "animate/image.h"
#include "engine/portrait/choreography.h"

namespace animate::engine {

// A LivePortrait job's contact sheet: the source with its crops and keypoints, frames of the driver with theirs, and
// what is made of them. All motion is known by then, as LivePortrait's formulas need it; only the shown frames are
// decoded again and painted.
struct PreviewParts {
  const PortraitJob& job;
  DrivingClip& clip;
  const DrivingTrack& driving;
  const Choreography& moves;
};

Image preview_portrait(const PreviewParts& parts, const SourcePortrait& source);
Image preview_video(const PreviewParts& parts, const SourceTrack& source);

}  // namespace animate::engine
