#pragma once

#include <filesystem>
#include <memory>
#include <stop_token>

#include "animate/animator.h"
#include "models/model.h"

namespace animate {

// Source picture + driver -> video, streamed. The job has passed check_job().
AnimateSummary run_animation(const std::shared_ptr<const Model>& model, const AnimateJob& job, Progress& progress,
                             std::stop_token stop);

// Driver -> motion template.
AnimateSummary run_extraction(const std::shared_ptr<const Model>& model, const TemplateJob& job, Progress& progress,
                              std::stop_token stop);

}  // namespace animate
