#include "engine/still/still_jobs.h"

#include <utility>

#include "engine/still/still_animation.h"
#include "engine/still/still_morph.h"
#include "engine/still/still_preview.h"
#include "engine/still/still_session.h"

namespace animate::engine {
namespace {

class StillJobs : public DrivenJobs {
 public:
  explicit StillJobs(std::shared_ptr<const models::DrivenModel> model) : model_(std::move(model)) {}

  const models::DrivenModel& model() const override { return *model_; }

  AnimateSummary run(const CheckedJob& job, Progress& progress, std::stop_token stop) const override {
    if (job.is_morph()) return run_still_morph(model_, job, progress, std::move(stop));
    return job.preview ? run_still_preview(model_, job, progress, std::move(stop))
                       : run_still_animation(model_, job, progress, std::move(stop));
  }
  AnimateSummary run(const CheckedTemplateJob& job, Progress& progress, std::stop_token stop) const override {
    return run_still_extraction(model_, job, progress, std::move(stop));
  }
  std::unique_ptr<Session> open_session(const Image& source, const AnimateOptions& options) const override {
    return std::make_unique<StillSession>(model_, source, options);
  }

 private:
  std::shared_ptr<const models::DrivenModel> model_;
};

}  // namespace

std::unique_ptr<const DrivenJobs> still_jobs(std::shared_ptr<const models::DrivenModel> model) {
  return std::make_unique<StillJobs>(std::move(model));
}

}  // namespace animate::engine
