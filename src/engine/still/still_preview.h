#pragma once

#include <memory>
#include <stop_token>

#include "animate/progress.h"
#include "engine/job_checks.h"
#include "models/driven_model.h"

namespace animate::engine {

// A FOMM job's contact sheet: the source with its crop and keypoints, frames of the driver with keypoints and the faces
// in them, and what is made of these frames. Motion is read of the shown frames and the reference only, the clip is
// decoded up to the last of them.
AnimateSummary run_still_preview(const std::shared_ptr<const models::DrivenModel>& model, const CheckedJob& job,
                                 Progress& progress, std::stop_token stop);

}  // namespace animate::engine
