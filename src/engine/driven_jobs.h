#pragma once

#include <memory>
#include <stop_token>

#include "animate/image.h"
#include "animate/job.h"
#include "animate/progress.h"
#include "animate/session.h"
#include "engine/job_checks.h"
#include "models/driven_model.h"

namespace animate::engine {

// What an opened model of a driven kind does: a source that moves like a driver. One object a model, which it holds;
// const, and safe to call from several threads.
class DrivenJobs {
 public:
  virtual ~DrivenJobs() = default;

  virtual const models::DrivenModel& model() const = 0;

  // Source and driver to a file, or where the job asks for it to a contact sheet. Throws Error(Usage) for options that
  // this family refuses, Error(Model) for a job without a driver where the family does not edit.
  virtual AnimateSummary run(const CheckedJob& job, Progress& progress, std::stop_token stop) const = 0;
  // Driver to motion template.
  virtual AnimateSummary run(const CheckedTemplateJob& job, Progress& progress, std::stop_token stop) const = 0;
  // Pictures in memory; the options have passed check_session_options().
  virtual std::unique_ptr<Session> open_session(const Image& source, const AnimateOptions& options) const = 0;
};

}  // namespace animate::engine
