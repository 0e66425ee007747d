#include "engine/still/still_morph.h"

#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/stopwatch.h"
#include "core/dissolve.h"
#include "core/frame_transfer.h"
#include "core/tensor_image.h"
#include "engine/morph/morph_checks.h"
#include "engine/morph/morph_output.h"
#include "engine/pipeline_settings.h"
#include "engine/source_image.h"
#include "engine/still/opened_job.h"
#include "engine/still/source_picture.h"
#include "engine/summary.h"
#include "motion/interpolate_motion.h"
#include "motion/jitter_meter.h"

namespace animate::engine {
namespace {

// One of the pictures, ready to be painted in any pose.
struct MorphPicture {
  torch::Tensor picture;  // [1, 3, H, W] in [0, 1] on the model's device: the true one
  std::unique_ptr<const models::Source> source;
  motion::Motion motion;
};

// Networks know undistorted heads: what has not the shape of their frame is cut out round the face.
CropOptions fitting_crop(CropOptions options, const Image& picture, const models::ModelInfo& model) {
  constexpr double seen_squeeze = 1.03;
  const double change = static_cast<double>(picture.width()) * model.frame_height /
                        (static_cast<double>(picture.height()) * model.frame_width);
  if (options.crop.kind == CropChoice::Kind::ByFamily && std::max(change, 1 / change) > seen_squeeze) {
    options.crop.kind = CropChoice::Kind::Auto;
  }
  return options;
}

MorphPicture read_picture(const models::DrivenModel& model, const std::filesystem::path& path,
                          const CropOptions& options, std::vector<std::string>& warnings) {
  const models::ModelInfo& info = model.info();
  Image whole = load_source_image(path);
  const CropOptions crop = fitting_crop(options, whole, info);
  const SourcePicture part(std::move(whole), show(path), crop, SourcePicture::WithoutFace::Refuse);
  append(warnings, part.warnings());
  MorphPicture read;
  read.picture = core::to_tensor(part.crop(), info.frame_height, info.frame_width);
  read.source = model.encode_source({read.picture});
  read.motion = model.extract_motion({read.picture});
  read.picture = read.picture.to(model.device());
  return read;
}

// Paints steps; those that follow each other between the same two pictures as one batch.
class MorphPainter {
 public:
  MorphPainter(const models::DrivenModel& model, const std::vector<MorphPicture>& pictures, double dissolve)
      : model_(model), pictures_(pictures), dissolve_(dissolve) {
    absolute_.relative = false;
  }

  torch::Tensor paint(std::span<const motion::MorphStep> steps) {
    std::vector<torch::Tensor> parts;
    for (size_t first = 0; first < steps.size();) {
      size_t last = first + 1;
      while (last < steps.size() && steps[last].from == steps[first].from && steps[last].to == steps[first].to) ++last;
      const auto run = steps.subspan(first, last - first);
      parts.push_back(steps[first].stands() ? stand(run) : move(run));
      first = last;
    }
    return torch::cat(parts);
  }

  motion::OutsideMeter outside;

 private:
  // All of the true picture, or of what the model makes of it.
  torch::Tensor stand(std::span<const motion::MorphStep> steps) {
    const MorphPicture& picture = pictures_[steps.front().from];
    const bool exact = steps.front().true_from > 0;
    const torch::Tensor shown =
        exact ? picture.picture : model_.render(*picture.source, picture.motion, picture.motion, absolute_);
    done_ += std::ssize(steps);
    return shown.expand({std::ssize(steps), -1, -1, -1});
  }

  torch::Tensor move(std::span<const motion::MorphStep> steps) {
    const MorphPicture& from = pictures_[steps.front().from];
    const MorphPicture& to = pictures_[steps.front().to];
    std::vector<motion::Motion> poses;
    std::vector<motion::DissolveWeights> weights;
    std::vector<double> true_from;
    std::vector<double> true_to;
    for (const motion::MorphStep& step : steps) {
      poses.push_back(motion::interpolate(from.motion, to.motion, step.position));
      weights.push_back(motion::dissolve_weights(step.position, dissolve_));
      true_from.push_back(step.true_from);
      true_to.push_back(step.true_to);
      outside.add(done_++, model_.keypoints(poses.back()));
    }
    const auto one = model_.render_batch(*from.source, poses, poses.front(), absolute_);
    const auto other = model_.render_batch(*to.source, poses, poses.front(), absolute_);
    const auto both = core::dissolve(one, other, weights);
    return core::mixed(core::mixed(both, from.picture, true_from), to.picture, true_to);
  }

  const models::DrivenModel& model_;
  const std::vector<MorphPicture>& pictures_;
  double dissolve_;
  MotionOptions absolute_;
  int64_t done_ = 0;
};

struct PaintedMorph {
  core::FetchedFrame painted;
  size_t index = 0;
};

void check_crop_alone(const AnimateOptions& options) {
  check(options.crop.paste_back != Switch::On, ErrorKind::Usage,
        "--paste-back: only LivePortrait's morphs go back into their pictures; leave it out");
}

}  // namespace

AnimateSummary run_still_morph(const std::shared_ptr<const models::DrivenModel>& model, const CheckedJob& job,
                               Progress& progress, std::stop_token stop) {
  const Stopwatch watch;
  const AnimateOptions& options = job.options;
  check_motion_morph(job, model->info().name, model->info().family);
  check_crop_alone(options);
  check_still_options(options, model->info());

  const c10::InferenceMode guard;
  AnimateSummary summary;
  std::vector<MorphPicture> pictures;
  pictures.push_back(read_picture(*model, job.source.path, options.crop, summary.warnings));
  for (const Input& target : job.targets) {
    pictures.push_back(read_picture(*model, target.path, options.crop, summary.warnings));
  }
  summary.motion_seconds = watch.seconds();

  const MorphPlan plan = plan_morph(job);
  MorphOutput output(job, plan);
  MorphPainter painter(*model, pictures, options.morph.dissolve);
  core::FrameTransfer transfer(model->device());
  progress.start("morphing", std::ssize(plan.steps));
  size_t next = 0;
  int64_t done = 0;
  PipelineStages<size_t, PaintedMorph, Frame> stages;
  stages.decode = [&]() -> std::optional<size_t> {
    return next < plan.steps.size() ? std::optional(next++) : std::nullopt;
  };
  stages.infer = [&](const std::vector<size_t>& indices) {
    const Stopwatch painting;
    const auto steps = std::span(plan.steps).subspan(indices.front(), indices.size());
    std::vector<PaintedMorph> frames;
    for (core::FetchedFrame& frame : transfer.fetch(painter.paint(steps))) {
      const size_t index = indices[frames.size()];
      frames.push_back({std::move(frame), index});
    }
    summary.render_seconds += painting.seconds();
    progress.advance(done += std::ssize(indices));
    return frames;
  };
  stages.compose = [](const PaintedMorph& frame) {
    return Frame{frame.painted.image(), static_cast<int64_t>(frame.index), 1};
  };
  stages.encode = [&output](const Frame& frame) { output.write(frame.image, static_cast<size_t>(frame.pts)); };
  take_stats(summary, run_pipeline(stages, std::move(stop), pipeline_settings(options.runtime, *model)));
  summary.outside = painter.outside.result();
  output.finish(summary);
  progress.finish(done);
  summary.seconds = watch.seconds();
  report(summary);
  return summary;
}

}  // namespace animate::engine
