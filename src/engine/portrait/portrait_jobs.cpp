#include "engine/portrait/portrait_jobs.h"

#include <utility>

#include "engine/portrait/portrait_animation.h"
#include "engine/portrait/portrait_morph.h"
#include "engine/portrait/portrait_session.h"

namespace animate::engine {
namespace {

using models::liveportrait::LivePortraitModel;

class PortraitJobs : public DrivenJobs {
 public:
  explicit PortraitJobs(std::shared_ptr<const LivePortraitModel> model) : model_(std::move(model)) {}

  const models::DrivenModel& model() const override { return *model_; }

  AnimateSummary run(const CheckedJob& job, Progress& progress, std::stop_token stop) const override {
    if (job.is_morph()) return run_portrait_morph(*model_, job, progress, std::move(stop));
    return run_portrait_animation(*model_, job, progress, std::move(stop));
  }
  AnimateSummary run(const CheckedTemplateJob& job, Progress& progress, std::stop_token stop) const override {
    return run_portrait_extraction(*model_, job, progress, std::move(stop));
  }
  std::unique_ptr<Session> open_session(const Image& source, const AnimateOptions& options) const override {
    return std::make_unique<PortraitSession>(model_, source, options,
                                             make_face_finder(options.liveportrait, model_->faces()));
  }

 private:
  std::shared_ptr<const LivePortraitModel> model_;
};

}  // namespace

std::unique_ptr<const DrivenJobs> portrait_jobs(std::shared_ptr<const LivePortraitModel> model) {
  return std::make_unique<PortraitJobs>(std::move(model));
}

}  // namespace animate::engine
