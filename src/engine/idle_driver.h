#pragma once

#include "animate/job.h"
#include "engine/driving_clip.h"
#include "engine/job_checks.h"
#include "models/driven_model.h"

namespace animate::engine {

// The driver of a job, opened: its file, or where there is none the motion that the options describe, made for the
// model: LivePortrait's by its sliders, that of a model with drawn heads' keypoints through a drawn head. Throws
// Error(Model) for models whose points mean something else, and as DrivingClip does.
DrivingClip open_driver(const models::ModelInfo& model, const Input& driving, const AnimateOptions& options);

// Such a motion to a file, ours or LivePortrait's by the output's suffix.
AnimateSummary write_idle_template(const models::ModelInfo& model, const CheckedTemplateJob& job);

}  // namespace animate::engine
