#include "engine/still/still_animation.h"

#include <utility>

#include "base/error.h"
#include "base/path_text.h"
#include "base/stopwatch.h"
#include "core/frame_transfer.h"
#include "engine/driving_clip.h"
#include "engine/frame_rate.h"
#include "engine/idle_driver.h"
#include "engine/output_clip.h"
#include "engine/pipeline_settings.h"
#include "engine/sound_choice.h"
#include "engine/still/frame_composer.h"
#include "engine/still/opened_job.h"
#include "engine/summary.h"
#include "motion/jitter_meter.h"

namespace animate::engine {
namespace {

// A step whose picture is on its way to the networks.
struct SentStep {
  DrivingStep step;
  core::SentFrame sent;
};

// A painted frame on its way back, and what the composer needs besides.
struct PaintedStep {
  core::FetchedFrame painted;
  RenderedFrame rendered;
  int64_t pts = 0;
  int64_t duration = 0;
};

// What the calling thread does with the driver's steps: motion, painting, and what is told of both.
class StepPainter {
 public:
  StepPainter(AnimatedSource& animated, const OutputOptions& options, Progress& progress)
      : animated_(animated), options_(options), progress_(progress) {}

  std::vector<PaintedStep> operator()(std::vector<SentStep> steps) {
    const Stopwatch motion_watch;
    const std::vector<motion::Motion> motions = motions_of(steps);
    motion_seconds += motion_watch.seconds();
    const Stopwatch render_watch;
    std::vector<core::FetchedFrame> frames = animated_.animate_batch(motions);
    render_seconds += render_watch.seconds();
    std::vector<PaintedStep> painted(steps.size());
    for (size_t i = 0; i < steps.size(); ++i) {
      Frame& driving = steps[i].step.frame;
      painted[i] = {std::move(frames[i]), {}, driving.pts, driving.duration};
      if (options_.concat) painted[i].rendered.driving = std::move(driving.image);
      measure(motions[i], painted[i].rendered);
    }
    return painted;
  }

  double motion_seconds = 0;
  double render_seconds = 0;
  int64_t done = 0;
  motion::JitterMeter jitter;
  motion::OutsideMeter outside;

 private:
  // A driver is a clip or a template, never both.
  std::vector<motion::Motion> motions_of(std::vector<SentStep>& steps) {
    std::vector<motion::Motion> stored;
    std::vector<core::SentFrame> pictures;
    for (SentStep& step : steps) {
      if (step.step.motion) {
        stored.push_back(std::move(*step.step.motion));
      } else {
        pictures.push_back(std::move(step.sent));
      }
    }
    return pictures.empty() ? stored : animated_.motions_of(pictures);
  }

  void measure(const motion::Motion& motion, RenderedFrame& rendered) {
    auto driving_keypoints = animated_.driving_keypoints(motion);
    auto applied_keypoints = animated_.applied_keypoints(motion);
    jitter.add(driving_keypoints);
    outside.add(done, applied_keypoints);
    if (options_.show_keypoints) {
      rendered.driving_keypoints = std::move(driving_keypoints);
      rendered.applied_keypoints = std::move(applied_keypoints);
    }
    progress_.advance(++done);
  }

  AnimatedSource& animated_;
  const OutputOptions& options_;
  Progress& progress_;
};

}  // namespace

AnimateSummary run_still_animation(const std::shared_ptr<const models::DrivenModel>& model, const CheckedJob& job,
                                   Progress& progress, std::stop_token stop) {
  const Stopwatch watch;
  const AnimateOptions& options = job.options;
  OpenedJob opened(model, job);
  const SourcePicture& source = opened.source;
  DrivingClip& clip = opened.clip;
  AnimatedSource& animated = opened.animated;
  AnimateSummary summary;
  summary.reference_frame = opened.choose_reference(progress, stop);

  const FrameComposer composer(source, options.output,
                               options.output.show_keypoints ? animated.source_keypoints() : std::vector<Point>());
  std::vector<std::string> sound_warnings;
  OutputClip output(job.output, options.output, {clip.frame_rate(), clip.time_base()}, fixed_rate(options.output.fps),
                    choose_sound(options.output.audio, clip, job.source, sound_warnings));
  progress.start("animating", clip.expected_steps());
  StepPainter painter(animated, options.output, progress);
  PipelineStages<SentStep, PaintedStep, Frame> stages;
  stages.decode = [&]() -> std::optional<SentStep> {
    auto step = clip.next();
    if (!step) return std::nullopt;
    SentStep sent{std::move(*step), {}};
    if (!sent.step.motion) sent.sent = animated.send(sent.step.frame.image);
    return sent;
  };
  stages.infer = [&painter](std::vector<SentStep> steps) { return painter(std::move(steps)); };
  stages.compose = [&composer](PaintedStep step) {
    step.rendered.result = step.painted.image();
    return Frame{composer.compose(step.rendered), step.pts, step.duration};
  };
  stages.encode = [&output](const Frame& frame) { output.write(frame.image, frame.pts, frame.duration); };
  take_stats(summary, run_pipeline(stages, stop, pipeline_settings(options.runtime, *model)));
  summary.motion_seconds = painter.motion_seconds;
  summary.render_seconds = painter.render_seconds;
  summary.output = job.output;
  if (const auto trembling = painter.jitter.mean()) {
    summary.jitter = MotionJitter{*trembling, *trembling, painter.jitter.frames()};
  }
  summary.outside = painter.outside.result();
  append(summary.warnings, source.warnings());
  append(summary.warnings, clip.warnings());
  append(summary.warnings, sound_warnings);
  finish_output(output, summary, options.output);
  progress.finish(painter.done);
  summary.seconds = watch.seconds();
  report(summary);
  return summary;
}

AnimateSummary run_still_extraction(const std::shared_ptr<const models::DrivenModel>& model,
                                    const CheckedTemplateJob& job, Progress& progress, std::stop_token stop) {
  if (job.driving.is_idle()) return write_idle_template(model->info(), job);
  const Stopwatch watch;
  DrivingClip clip(job.driving, job.options.driving);
  check(!clip.is_template(), ErrorKind::Input, "{}: is a motion template already; give a driving video",
        show(job.driving.path));

  motion::MotionTemplate result;
  result.family = model->info().family;
  result.model = model->info().name;
  result.frame_rate = clip.frame_rate();
  result.time_base = clip.time_base();
  if (const auto sound = clip.sound()) {
    result.audio_path = text_of_path(std::filesystem::absolute(sound->path));
    result.audio_start = sound->start;
  }
  progress.start("reading motion", clip.expected_steps());
  int64_t done = 0;
  core::FrameTransfer transfer(model->device());
  PipelineStages<SentStep, motion::Motion> stages;
  stages.decode = [&]() -> std::optional<SentStep> {
    auto step = clip.next();
    if (!step) return std::nullopt;
    return SentStep{*step, transfer.send(step->frame.image)};
  };
  stages.infer = [&](std::vector<SentStep> steps) {
    std::vector<core::SentFrame> pictures;
    for (SentStep& step : steps) {
      result.pts.push_back(step.step.frame.pts);
      result.duration.push_back(step.step.frame.duration);
      pictures.push_back(std::move(step.sent));
    }
    const models::ModelInfo& info = model->info();
    auto motions = model->extract_motions({transfer.to_tensor(pictures, info.frame_height, info.frame_width)});
    done += std::ssize(motions);
    progress.advance(done);
    return motions;
  };
  stages.encode = [&result](motion::Motion motion) { result.frames.push_back(std::move(motion)); };
  const PipelineStats stats = run_pipeline(stages, stop, pipeline_settings(job.options.runtime, *model));
  check(stats.frames > 0, ErrorKind::Input, "{}: gave no frames; choose another clip", show(job.driving.path));
  result.save(job.output);
  progress.finish(done);

  AnimateSummary summary;
  summary.output = job.output;
  take_stats(summary, stats);
  summary.motion_seconds = stats.infer_seconds;
  summary.warnings = clip.warnings();
  summary.seconds = watch.seconds();
  report(summary);
  return summary;
}

}  // namespace animate::engine
