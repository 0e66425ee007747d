#pragma once

#include "engine/output_clip.h"
#include "engine/pipeline.h"
#include "engine/portrait/choreography.h"

namespace animate::engine {

// Streams every picture of the plan through decode, paint, compose and encode; the caller finishes the output. Adds the
// seconds of painting, and which poses lie outside, to `summary`. The clip is read again for --concat only; a job
// without a driver has neither clip nor track.
struct PaintingParts {
  const PortraitJob& job;
  DrivingClip* clip;
  const DrivingTrack* driving;
  const Choreography& moves;
  OutputClip& output;
  AnimateSummary& summary;
};

PipelineStats paint_portrait(const PaintingParts& parts, const SourcePortrait& source);
PipelineStats paint_video(const PaintingParts& parts, const SourceTrack& source);

}  // namespace animate::engine
