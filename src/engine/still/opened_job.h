#pragma once

#include <memory>
#include <stop_token>

#include "animate/progress.h"
#include "engine/driving_clip.h"
#include "engine/job_checks.h"
#include "engine/still/animated_source.h"
#include "engine/still/source_picture.h"
#include "models/driven_model.h"

namespace animate::engine {

// Refuses options that would have no effect on a still source of this family. Throws Error(Usage).
void check_still_options(const AnimateOptions& options, const models::ModelInfo& model);

// What a job on a still source begins with, whether it becomes a video or a contact sheet: options that fit together,
// the source read, the driver opened, the animated begun. Keeps a reference to the job.
struct OpenedJob {
  // Throws Error(Usage) for options that would have no effect, Error(Model) for a job that edits, Error(Input) for the
  // files, a template of another family among them.
  OpenedJob(const std::shared_ptr<const models::DrivenModel>& model, const CheckedJob& given);

  // Where the options ask for another frame than the first to start relative motion from: looks for it in a pass of its
  // own and gives it to the animated. Returns its number, 0 where nothing was asked.
  int64_t choose_reference(Progress& progress, std::stop_token stop);

  const CheckedJob& job;
  const SourcePicture source;
  DrivingClip clip;
  AnimatedSource animated;
};

}  // namespace animate::engine
