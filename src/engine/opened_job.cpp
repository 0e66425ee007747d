#include "engine/opened_job.h"

#include "base/error.h"
#include "base/log.h"
#include "catalog/liveportrait_options.h"
#include "engine/job_checks.h"
#include "engine/reference_search.h"

namespace animate {
namespace {

const AnimateJob& checked(const AnimateJob& job, const ModelInfo& model) {
  check(job.options.crop.paste_back != "on" || !job.options.crop.crop.empty(), ErrorKind::Usage,
        "--paste-back needs a crop to put back; add --crop auto or --crop x,y,w,h");
  check(job.options.motion.reference != "neutral", ErrorKind::Usage,
        "--reference neutral: is known for LivePortrait only; use first, auto or a frame number");
  check(!job.driving.empty(), ErrorKind::Model,
        "{}: is a model of the family {}, and editing needs LivePortrait; give the folder of its weights with -m",
        model.name, model.family);
  const auto* own = dynamic_cast<const LivePortraitOptions*>(job.options.of("liveportrait"));
  check(own == nullptr || own->set.empty(), ErrorKind::Usage,
        "--set: edits with LivePortrait, and {} is a model of the family {}; leave it out or give LivePortrait with -m",
        model.name, model.family);
  return job;
}

const std::shared_ptr<const Model>& fitting(const std::shared_ptr<const Model>& model, const DrivingClip& clip,
                                            const std::filesystem::path& path) {
  const std::string& family = model->info().family;
  check(!clip.is_template() || clip.stored()->family == family, ErrorKind::Input,
        "{}: was made by the model family {}, this model is of {}; make the template with this model", show(path),
        clip.is_template() ? clip.stored()->family : "", family);
  return model;
}

}  // namespace

OpenedJob::OpenedJob(const std::shared_ptr<const Model>& model, const AnimateJob& given)
    : job(checked(given, model->info())),
      source(job.source, job.options.crop),
      clip(job.driving, job.options.driving),
      session(fitting(model, clip, job.driving), source.crop(), job.options.motion) {}

int64_t OpenedJob::choose_reference(Progress& progress, std::stop_token stop) {
  const MotionOptions& motion = job.options.motion;
  if (!motion.relative || motion.reference == "first") return 0;
  auto reference = find_reference(clip, session, reference_number(motion.reference), progress, stop);
  log::info("relative motion starts from driving frame {}", reference.frame);
  session.set_reference(std::move(reference.motion));
  return reference.frame;
}

}  // namespace animate
