#include "engine/still/opened_job.h"

#include <algorithm>

#include "base/error.h"
#include "base/log.h"
#include "engine/idle_driver.h"
#include "engine/still/reference_search.h"

namespace animate::engine {
namespace {

// Options that would have no effect here, and jobs that this family does not run.
const CheckedJob& refuse_others(const CheckedJob& job, const models::ModelInfo& model) {
  check(!job.is_edit(), ErrorKind::Model,
        "{}: is a model of the family {}, and editing needs LivePortrait; give the folder of its weights with -m",
        model.name, model.family);
  check_still_options(job.options, model);
  return job;
}

const std::shared_ptr<const models::DrivenModel>& refuse_other_motion(
    const std::shared_ptr<const models::DrivenModel>& model, const DrivingClip& clip,
    const std::filesystem::path& path) {
  const std::string& family = model->info().family;
  check(!clip.is_template() || clip.stored()->family == family, ErrorKind::Input,
        "{}: was made by the model family {}, this model is of {}; make the template with this model", show(path),
        clip.is_template() ? clip.stored()->family : "", family);
  return model;
}

// A head whose sides are changed against each other moves and looks wrong: the networks know undistorted ones.
constexpr double kSeenSqueeze = 1.03;

bool is_squeezed(int width, int height, const models::ModelInfo& model) {
  const double change =
      static_cast<double>(width) * model.frame_height / (static_cast<double>(height) * model.frame_width);
  return std::max(change, 1 / change) > kSeenSqueeze;
}

void tell_squeeze(const CheckedJob& job, const Image& source, const DrivingClip& clip, const models::ModelInfo& model) {
  if (is_squeezed(source.width(), source.height(), model)) {
    log::info("{}: its {}x{} pixels are squeezed to the model's {}x{}; --crop auto animates the face undistorted",
              show(job.source.path), source.width(), source.height(), model.frame_width, model.frame_height);
  }
  if (clip.is_template()) return;
  const auto [width, height] = clip.picture_size();
  if (is_squeezed(width, height, model)) {
    log::info(
        "{}: its {}x{} pixels are squeezed to the model's {}x{}; a clip of that shape, cropped around the head, "
        "drives better",
        show(job.driving.path), width, height, model.frame_width, model.frame_height);
  }
}

}  // namespace

void check_still_options(const AnimateOptions& options, const models::ModelInfo& model) {
  check(options.crop.paste_back != Switch::On || options.crop.crop.kind != CropChoice::Kind::ByFamily, ErrorKind::Usage,
        "--paste-back needs a crop to put back; add --crop auto or --crop x,y,w,h");
  check(options.motion.reference.kind != ReferenceChoice::Kind::Neutral, ErrorKind::Usage,
        "--reference neutral: is known for LivePortrait only; use first, auto or a frame number");
  check(options.liveportrait.set.empty(), ErrorKind::Usage,
        "--set: edits with LivePortrait, and {} is a model of the family {}; leave it out or give LivePortrait with -m",
        model.name, model.family);
}

OpenedJob::OpenedJob(const std::shared_ptr<const models::DrivenModel>& model, const CheckedJob& given)
    : job(refuse_others(given, model->info())),
      source(job.source.path, job.options.crop),
      clip(open_driver(model->info(), job.driving, job.options)),
      animated(refuse_other_motion(model, clip, job.driving.path), source.crop(), job.options.motion) {
  tell_squeeze(job, source.crop(), clip, model->info());
}

int64_t OpenedJob::choose_reference(Progress& progress, std::stop_token stop) {
  const MotionOptions& motion = job.options.motion;
  if (!motion.relative || motion.reference.kind == ReferenceChoice::Kind::First) return 0;
  const bool numbered = motion.reference.kind == ReferenceChoice::Kind::Frame;
  auto reference =
      find_reference(clip, animated, numbered ? std::optional(motion.reference.frame) : std::nullopt, progress, stop);
  log::info("relative motion starts from driving frame {}", reference.frame);
  animated.set_reference(std::move(reference.motion));
  return reference.frame;
}

}  // namespace animate::engine
