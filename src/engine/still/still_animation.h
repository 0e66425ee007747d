#pragma once

#include <memory>
#include <stop_token>

#include "animate/job.h"
#include "animate/progress.h"
#include "engine/job_checks.h"
#include "models/driven_model.h"

namespace animate::engine {

// Source picture + driver -> video, streamed.
AnimateSummary run_still_animation(const std::shared_ptr<const models::DrivenModel>& model, const CheckedJob& job,
                                   Progress& progress, std::stop_token stop);

// Driver -> motion template.
AnimateSummary run_still_extraction(const std::shared_ptr<const models::DrivenModel>& model,
                                    const CheckedTemplateJob& job, Progress& progress, std::stop_token stop);

}  // namespace animate::engine
