#pragma once

#include <stop_token>

#include "animate/job.h"
#include "animate/progress.h"
#include "engine/job_checks.h"
#include "engine/portrait/face_finder.h"
#include "models/liveportrait/liveportrait_model.h"

namespace animate::engine {

// A morph by motion (engine/README.md#morph) with LivePortrait: canonical points, expression, shift and scale are
// mixed, rotations turn the shortest way, and both faces are painted on the keypoints that come of it, two renders a
// frame; nothing is stitched. Where all pictures share a size the face goes back into them, which are moved so that
// their faces lie on each other and dissolved; else the crops are the result.
AnimateSummary run_portrait_morph(const models::liveportrait::LivePortraitModel& model, const CheckedJob& job,
                                  Progress& progress, std::stop_token stop);
// The same with faces found by `finder`.
AnimateSummary run_portrait_morph(const models::liveportrait::LivePortraitModel& model, const CheckedJob& job,
                                  FaceFinder& finder, Progress& progress, std::stop_token stop);

}  // namespace animate::engine
