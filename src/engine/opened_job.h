#pragma once

#include <memory>
#include <stop_token>

#include "animate/animator.h"
#include "engine/driving_clip.h"
#include "engine/session.h"
#include "engine/source_picture.h"
#include "models/model.h"

namespace animate {

// What a job on a still source begins with, whether it becomes a video or a contact sheet: options that fit together,
// the source read, the driver opened, the session begun. Keeps a reference to the job, which has passed check_job().
struct OpenedJob {
  // Throws Error(Usage) for options that would have no effect, Error(Model) for a job that edits, Error(Input) for the
  // files, a template of another family among them.
  OpenedJob(const std::shared_ptr<const Model>& model, const AnimateJob& given);

  // Where the options ask for another frame than the first to start relative motion from: looks for it in a pass of its
  // own and gives it to the session. Returns its number, 0 where nothing was asked.
  int64_t choose_reference(Progress& progress, std::stop_token stop);

  const AnimateJob& job;
  const SourcePicture source;
  DrivingClip clip;
  Session session;
};

}  // namespace animate
