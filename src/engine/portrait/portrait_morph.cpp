#include "engine/portrait/portrait_morph.h"

#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <utility>

#include "base/error.h"
#include "base/log.h"
#include "base/stopwatch.h"
#include "core/dissolve.h"
#include "core/frame_transfer.h"
#include "core/tensor_image.h"
#include "engine/morph/morph_checks.h"
#include "engine/morph/morph_output.h"
#include "engine/pipeline_settings.h"
#include "engine/portrait/portrait_animation.h"
#include "engine/portrait/portrait_source.h"
#include "engine/source_image.h"
#include "engine/summary.h"
#include "motion/flat_points.h"
#include "motion/jitter_meter.h"
#include "motion/resample.h"
#include "pictures/aligned_picture.h"
#include "pictures/portrait_paste_back.h"

namespace animate::engine {
namespace {

using models::liveportrait::LivePortraitModel;

// One of the pictures, ready to be painted on any keypoints.
struct MorphFace {
  Image picture;
  std::optional<pictures::CropTransform> crop;
  motion::FaceFrame face;
  torch::Tensor appearance;
  torch::Tensor view;  // [1, 3, S, S] in [0, 1] on the device: the true crop at the size that is painted
};

MorphFace read_face(const LivePortraitModel& model, const CheckedJob& job, const std::filesystem::path& path,
                    FaceFinder& finder, std::vector<std::string>& warnings) {
  SourcePortrait portrait = read_portrait(model, load_source_image(path), show(path), job.options, finder);
  append(warnings, portrait.warnings);
  SourceFace& face = portrait.faces.front();
  const Image crop = face.crop ? pictures::warp_crop(portrait.picture, *face.crop) : portrait.picture;
  MorphFace read;
  read.appearance = model.appearance_of(core::to_tensor(face.view));
  read.view = core::to_tensor(crop, model.output_size(), model.output_size()).to(model.device());
  read.picture = std::move(portrait.picture);
  read.crop = face.crop;
  read.face = std::move(face.face);
  return read;
}

bool share_a_size(const std::vector<MorphFace>& faces) {
  return std::all_of(faces.begin(), faces.end(), [&](const MorphFace& face) {
    return face.picture.width() == faces.front().picture.width() &&
           face.picture.height() == faces.front().picture.height();
  });
}

// Whether faces go back into their pictures; says why not where that is no wish of the options.
bool goes_back(const CheckedJob& job, const std::vector<MorphFace>& faces) {
  if (!pastes_faces(job.options)) return false;
  if (share_a_size(faces)) return true;
  check(job.options.crop.paste_back != Switch::On, ErrorKind::Input,
        "--paste-back: the pictures have different sizes, and nothing could go over into each other round the faces; "
        "bring them to one size, or leave it out for the faces alone");
  log::info("the pictures have different sizes, so the faces alone are morphed");
  return false;
}

// What a painted frame needs to become a picture.
struct PaintedMorphFace {
  core::FetchedFrame painted;
  size_t index = 0;
};

class PortraitMorph {
 public:
  PortraitMorph(const LivePortraitModel& model, const CheckedJob& job, const MorphPlan& plan,
                const std::vector<MorphFace>& faces)
      : model_(model), plan_(plan), faces_(faces), share_(job.options.morph.dissolve), pastes_(goes_back(job, faces)) {}

  // The crops of consecutive steps; those between the same two pictures as one batch.
  torch::Tensor paint(std::span<const size_t> indices) {
    std::vector<torch::Tensor> parts;
    for (size_t first = 0; first < indices.size();) {
      const motion::MorphStep& step = plan_.steps[indices[first]];
      size_t last = first + 1;
      while (last < indices.size() && plan_.steps[indices[last]].from == step.from &&
             plan_.steps[indices[last]].to == step.to) {
        ++last;
      }
      const auto run = indices.subspan(first, last - first);
      parts.push_back(step.stands() ? stand(run) : move(run));
      first = last;
    }
    return torch::cat(parts);
  }

  // The crop itself, or the whole picture with it.
  Image compose(const PaintedMorphFace& frame) const {
    const motion::MorphStep& step = plan_.steps[frame.index];
    if (!pastes_) return frame.painted.image();
    const MorphFace& from = faces_[step.from];
    const MorphFace& to = faces_[step.to];
    if (step.true_from >= 1) return from.picture;
    const pictures::CropTransform place = pictures::between(*from.crop, *to.crop, step.position);
    const double weight = motion::dissolve_weights(step.position, share_).coarse;
    Image whole = pictures::blended(pictures::aligned(from.picture, *from.crop, place),
                                    pictures::aligned(to.picture, *to.crop, place), weight)
                      .clone();
    pictures::PortraitPasteBack(whole.width(), whole.height(), place).apply_to(whole, frame.painted.image());
    whole = pictures::blended(whole, from.picture, step.true_from);
    return pictures::blended(whole, to.picture, step.true_to);
  }

  motion::OutsideMeter outside;

 private:
  torch::Tensor stand(std::span<const size_t> indices) const {
    const motion::MorphStep& step = plan_.steps[indices.front()];
    const MorphFace& face = faces_[step.from];
    const Points3 points = face.face.motion.keypoints();
    const torch::Tensor shown = step.true_from > 0 ? face.view : model_.paint(face.appearance, points, points);
    return shown.expand({std::ssize(indices), -1, -1, -1});
  }

  torch::Tensor move(std::span<const size_t> indices) {
    const motion::MorphStep& first = plan_.steps[indices.front()];
    const MorphFace& from = faces_[first.from];
    const MorphFace& to = faces_[first.to];
    std::vector<Points3> driving;
    std::vector<motion::DissolveWeights> weights;
    std::vector<double> true_from;
    std::vector<double> true_to;
    for (const size_t index : indices) {
      const motion::MorphStep& step = plan_.steps[index];
      driving.push_back(motion::interpolate(from.face, to.face, step.position).motion.keypoints());
      weights.push_back(motion::dissolve_weights(step.position, share_));
      true_from.push_back(step.true_from);
      true_to.push_back(step.true_to);
      outside.add(static_cast<int64_t>(index), motion::flat_points(driving.back()));
    }
    const auto painted = [&](const MorphFace& face) {
      return model_.paint_batch(face.appearance, driving,
                                std::vector<Points3>(indices.size(), face.face.motion.keypoints()));
    };
    const auto both = core::dissolve(painted(from), painted(to), weights);
    // Where the faces go back into their pictures these are true in all at once, in compose().
    if (pastes_) return both;
    return core::mixed(core::mixed(both, from.view, true_from), to.view, true_to);
  }

  const LivePortraitModel& model_;
  const MorphPlan& plan_;
  const std::vector<MorphFace>& faces_;
  double share_;
  bool pastes_;
};

}  // namespace

AnimateSummary run_portrait_morph(const LivePortraitModel& model, const CheckedJob& job, Progress& progress,
                                  std::stop_token stop) {
  const auto finder = make_face_finder(job.options.liveportrait, model.faces());
  return run_portrait_morph(model, job, *finder, progress, std::move(stop));
}

AnimateSummary run_portrait_morph(const LivePortraitModel& model, const CheckedJob& job, FaceFinder& finder,
                                  Progress& progress, std::stop_token stop) {
  const Stopwatch watch;
  check_motion_morph(job, model.info().name, model.info().family);
  check_portrait_options(job.options, /*video=*/false, show(job.source.path));

  const c10::InferenceMode guard;
  AnimateSummary summary;
  std::vector<MorphFace> faces;
  faces.push_back(read_face(model, job, job.source.path, finder, summary.warnings));
  for (const Input& target : job.targets) {
    faces.push_back(read_face(model, job, target.path, finder, summary.warnings));
  }
  append(summary.warnings, finder.warnings());
  summary.framed_by = finder.framed_by();
  summary.motion_seconds = watch.seconds();

  const MorphPlan plan = plan_morph(job);
  PortraitMorph morph(model, job, plan, faces);
  MorphOutput output(job, plan);
  core::FrameTransfer transfer(model.device());
  progress.start("morphing", std::ssize(plan.steps));
  size_t next = 0;
  int64_t done = 0;
  PipelineStages<size_t, PaintedMorphFace, Frame> stages;
  stages.decode = [&]() -> std::optional<size_t> {
    return next < plan.steps.size() ? std::optional(next++) : std::nullopt;
  };
  stages.infer = [&](const std::vector<size_t>& indices) {
    const Stopwatch painting;
    std::vector<PaintedMorphFace> frames;
    for (core::FetchedFrame& frame : transfer.fetch(morph.paint(indices))) {
      const size_t index = indices[frames.size()];
      frames.push_back({std::move(frame), index});
    }
    summary.render_seconds += painting.seconds();
    progress.advance(done += std::ssize(indices));
    return frames;
  };
  stages.compose = [&morph](const PaintedMorphFace& frame) {
    return Frame{morph.compose(frame), static_cast<int64_t>(frame.index), 1};
  };
  stages.encode = [&output](const Frame& frame) { output.write(frame.image, static_cast<size_t>(frame.pts)); };
  take_stats(summary, run_pipeline(stages, std::move(stop), pipeline_settings(job.options.runtime, model)));
  summary.outside = morph.outside.result();
  output.finish(summary);
  progress.finish(done);
  summary.seconds = watch.seconds();
  report(summary);
  return summary;
}

}  // namespace animate::engine
