#pragma once

#include <filesystem>
#include <memory>
#include <stop_token>

#include "animate/animator.h"
#include "engine/driving_clip.h"
#include "models/model.h"

namespace animate {

// Combinations of options that would leave one of them without effect: Error(Usage).
void check_fomm_options(const AnimateOptions& options);
// Refuses jobs that only edit, and --set: Error(Model) and Error(Usage).
void refuse_edits(const AnimateJob& job, const ModelInfo& model);
// Refuses a template of another family. Throws Error(Input).
void check_family(const DrivingClip& clip, const Model& model, const std::filesystem::path& path);

// Source picture + driver -> video, streamed. The job has passed check_job().
AnimateSummary run_animation(const std::shared_ptr<const Model>& model, const AnimateJob& job, Progress& progress,
                             std::stop_token stop);

// Driver -> motion template.
AnimateSummary run_extraction(const std::shared_ptr<const Model>& model, const TemplateJob& job, Progress& progress,
                              std::stop_token stop);

}  // namespace animate
