#include "engine/still/still_session.h"

#include "base/error.h"
#include "base/stopwatch.h"
#include "engine/session_checks.h"
#include "engine/still/opened_job.h"

namespace animate::engine {
namespace {

AnimateOptions fitting_options(const AnimateOptions& options, const models::ModelInfo& model) {
  check_session_options(options);
  check_still_options(options, model);
  return options;
}

}  // namespace

StillSession::StillSession(const std::shared_ptr<const models::DrivenModel>& model, const Image& source,
                           const AnimateOptions& options)
    : options_(fitting_options(options, model->info())),
      source_(source, "the source picture", options_.crop),
      animated_(model, source_.crop(), options_.motion) {}

SessionFrame StillSession::animate(const Image& driving, std::optional<double> /*time*/) {
  const Stopwatch watch;
  check(!driving.empty(), ErrorKind::Usage, "the driving picture is empty; give one with pixels");
  const motion::Motion motion = animated_.motion_of(driving);
  RenderedFrame rendered;
  rendered.result = animated_.animate(motion);
  const OutputOptions& output = options_.output;
  if (output.concat) rendered.driving = driving;
  if (output.show_keypoints) {
    rendered.driving_keypoints = animated_.driving_keypoints(motion);
    rendered.applied_keypoints = animated_.applied_keypoints(motion);
  }
  const FrameComposer composer(source_, output,
                               output.show_keypoints ? animated_.source_keypoints() : std::vector<Point>());
  SessionFrame frame;
  frame.image = composer.compose(rendered);
  frame.milliseconds = 1000 * watch.seconds();
  return frame;
}

void StillSession::set_options(const AnimateOptions& options) {
  check_session_change(options_, options);
  check_still_options(options, animated_.model().info());
  options_ = options;
  animated_.set_options(options.motion);
}

Image StillSession::edit(const EditSettings& /*settings*/) {
  const models::ModelInfo& model = animated_.model().info();
  fail(ErrorKind::Model, "{}: is a model of the family {}, and editing needs LivePortrait; open one of its models",
       model.name, model.family);
}

std::vector<SessionFace> StillSession::faces() const {
  const pictures::Box& box = source_.box();
  return {{{box.x, box.y, box.width, box.height}, animated_.source_keypoints(), std::nullopt, std::nullopt}};
}

}  // namespace animate::engine
