#include "engine/animation.h"

#include <utility>

#include "base/error.h"
#include "base/log.h"
#include "base/stopwatch.h"
#include "core/tensor_image.h"
#include "engine/driving_clip.h"
#include "engine/frame_composer.h"
#include "engine/frame_rate.h"
#include "engine/opened_job.h"
#include "engine/output_clip.h"
#include "engine/pipeline.h"
#include "engine/sound_choice.h"
#include "engine/summary.h"
#include "motion/jitter_meter.h"

namespace animate {
namespace {

struct TimedFrame {
  RenderedFrame rendered;
  int64_t pts = 0;
  int64_t duration = 0;
};

}  // namespace

AnimateSummary run_animation(const std::shared_ptr<const Model>& model, const AnimateJob& job, Progress& progress,
                             std::stop_token stop) {
  const Stopwatch watch;
  const AnimateOptions& options = job.options;
  OpenedJob opened(model, job);
  const SourcePicture& source = opened.source;
  DrivingClip& clip = opened.clip;
  Session& session = opened.session;
  AnimateSummary summary;
  summary.reference_frame = opened.choose_reference(progress, stop);

  const bool keypoints = options.output.show_keypoints;
  const FrameComposer composer(source, options.output, keypoints ? session.source_keypoints() : std::vector<Point>());
  std::vector<std::string> sound_warnings;
  OutputClip output(job.output, options.output, {clip.frame_rate(), clip.time_base()}, fixed_rate(options.output.fps),
                    choose_sound(options.output.audio, clip, {}, sound_warnings));
  progress.start("animating", clip.expected_steps());
  int64_t done = 0;
  JitterMeter jitter;
  OutsideMeter outside;
  PipelineStages<DrivingStep, TimedFrame> stages;
  stages.decode = [&clip] { return clip.next(); };
  stages.infer = [&](DrivingStep step) {
    const Stopwatch motion_watch;
    const Motion motion = step.motion ? std::move(*step.motion) : session.motion_of(step.frame.image);
    summary.motion_seconds += motion_watch.seconds();
    const Stopwatch render_watch;
    TimedFrame timed{{session.animate(motion), {}, {}, {}}, step.frame.pts, step.frame.duration};
    summary.render_seconds += render_watch.seconds();
    if (options.output.concat) timed.rendered.driving = std::move(step.frame.image);
    auto driving_keypoints = session.driving_keypoints(motion);
    auto applied_keypoints = session.applied_keypoints(motion);
    jitter.add(driving_keypoints);
    outside.add(done, applied_keypoints);
    if (keypoints) {
      timed.rendered.driving_keypoints = std::move(driving_keypoints);
      timed.rendered.applied_keypoints = std::move(applied_keypoints);
    }
    progress.advance(++done);
    return timed;
  };
  stages.encode = [&](TimedFrame timed) {
    const Stopwatch compose_watch;
    Image composed = composer.compose(timed.rendered);
    summary.compose_seconds += compose_watch.seconds();
    output.write(std::move(composed), timed.pts, timed.duration);
  };
  take_stats(summary, run_pipeline(stages, stop));
  summary.output = job.output;
  if (const auto trembling = jitter.mean()) summary.jitter = MotionJitter{*trembling, *trembling, jitter.frames()};
  summary.outside = outside.result();
  append(summary.warnings, source.warnings());
  append(summary.warnings, clip.warnings());
  append(summary.warnings, sound_warnings);
  finish_output(output, summary, options.output);
  progress.finish(done);
  summary.seconds = watch.seconds();
  report(summary);
  return summary;
}

AnimateSummary run_extraction(const std::shared_ptr<const Model>& model, const TemplateJob& job, Progress& progress,
                              std::stop_token stop) {
  const Stopwatch watch;
  DrivingClip clip(job.driving, job.options.driving);
  check(!clip.is_template(), ErrorKind::Input, "{}: is a motion template already; give a driving video",
        show(job.driving));

  MotionTemplate result;
  result.family = model->info().family;
  result.model = model->info().name;
  result.frame_rate = clip.frame_rate();
  result.time_base = clip.time_base();
  if (const auto sound = clip.sound()) {
    result.audio_path = std::filesystem::absolute(sound->path).string();
    result.audio_start = sound->start;
  }
  progress.start("reading motion", clip.expected_steps());
  int64_t done = 0;
  PipelineStages<DrivingStep, Motion> stages;
  stages.decode = [&clip] { return clip.next(); };
  stages.infer = [&](DrivingStep step) {
    result.pts.push_back(step.frame.pts);
    result.duration.push_back(step.frame.duration);
    const ModelInfo& info = model->info();
    Motion motion = model->extract_motion({to_tensor(step.frame.image, info.frame_height, info.frame_width)});
    progress.advance(++done);
    return motion;
  };
  stages.encode = [&result](Motion motion) { result.frames.push_back(std::move(motion)); };
  const PipelineStats stats = run_pipeline(stages, stop);
  check(stats.frames > 0, ErrorKind::Input, "{}: gave no frames; choose another clip", show(job.driving));
  result.save(job.output);
  progress.finish(done);

  AnimateSummary summary;
  summary.output = job.output;
  summary.frames = stats.frames;
  summary.motion_seconds = stats.infer_seconds;
  summary.decode_seconds = stats.decode_seconds;
  summary.warnings = clip.warnings();
  summary.seconds = watch.seconds();
  report(summary);
  return summary;
}

}  // namespace animate
