#pragma once

#include <memory>
#include <vector>

#include "engine/portrait/driving_track.h"
#include "engine/portrait/output_clock.h"
#include "engine/portrait/portrait_job.h"
#include "engine/portrait/portrait_source.h"
#include "motion/keypoint_track.h"

namespace animate::engine {

// What moves the faces of one job: the driver on the clock of the result, joined with every source face.
struct Choreography {
  FramePlan plan;
  std::vector<std::shared_ptr<const motion::KeypointTrack>> faces;  // one a face of a still source; one for a video
  size_t reference = 0;                                             // driver's frame
  std::optional<MotionJitter> jitter;                               // of the first face
};

// Throws Error(Input) for a reference frame that the driver does not have. `faces`: of a still picture each of its
// faces, of a video each of its frames; `video` is null for a picture.
Choreography choreograph(const PortraitJob& job, const DrivingTrack& driving,
                         const std::vector<motion::FaceFrame>& faces, const SourceTrack* video);

// The part of a source video that a driver can move: all of it, unless the result is cut where the driver ends.
SourceLimit source_limit(const PortraitJob& job, const DrivingTrack& driving);

}  // namespace animate::engine
