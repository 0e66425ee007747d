#pragma once

#include <memory>
#include <stop_token>

#include "animate/job.h"
#include "animate/progress.h"
#include "engine/job_checks.h"
#include "models/driven_model.h"

namespace animate::engine {

// A morph by motion (engine/README.md#morph) with a model that speaks DrivenModel's verbs: every frame is both pictures
// painted in the pose between theirs, two renders, and dissolved. Frames have the model's size. A picture of another
// shape than the model's is cut out round its face, unless CropOptions say otherwise; Error(Input) where there is none.
AnimateSummary run_still_morph(const std::shared_ptr<const models::DrivenModel>& model, const CheckedJob& job,
                               Progress& progress, std::stop_token stop);

}  // namespace animate::engine
