#pragma once

#include <stop_token>

#include "animate/job.h"
#include "animate/progress.h"
#include "engine/job_checks.h"
#include "engine/portrait/face_finder.h"
#include "models/liveportrait/liveportrait_model.h"

namespace animate::engine {

// A job without a driver: the source itself with --set on it (models/liveportrait/README.md#editing).
//   picture -> picture                  the original's image formulas, edited_keypoints(); t_z counts
//   picture -> video, with keyframes    the same for every picture of a clip that ends with the last keyframe
//   video -> video                      every frame keeps its own motion, edited_video(); sound and times are kept
//   video -> video, --silent-lips       the original's mode silent lips, silent_lips()
// Streams like every portrait job.
AnimateSummary run_portrait_edit(const models::liveportrait::LivePortraitModel& model, const CheckedJob& job,
                                 Progress& progress, std::stop_token stop);
// The same with faces found by `finder`.
AnimateSummary run_portrait_edit(const models::liveportrait::LivePortraitModel& model, const CheckedJob& job,
                                 FaceFinder& finder, Progress& progress, std::stop_token stop);
}  // namespace animate::engine
