#include "engine/animation.h"

#include <cmath>

#include "animate/version.h"
#include "base/error.h"
#include "base/log.h"
#include "base/memory.h"
#include "base/stopwatch.h"
#include "engine/driving_clip.h"
#include "engine/frame_composer.h"
#include "engine/frame_rate.h"
#include "engine/job_checks.h"
#include "engine/pipeline.h"
#include "engine/reference_search.h"
#include "engine/session.h"
#include "engine/source_picture.h"
#include "engine/tensor_image.h"
#include "motion/motion_template.h"

namespace animate {
namespace {

// The encoder's end of the pipeline: composes, opens the writer once the size is known, and keeps or changes the times.
class Output {
 public:
  Output(const AnimateJob& job, const FrameComposer& composer, const DrivingClip& clip)
      : path_(job.output), composer_(composer), options_(writer_options(job.options.output)) {
    options_.frame_rate = clip.frame_rate();
    options_.time_base = clip.time_base();
    if (const std::string& fps = job.options.output.fps; !fps.empty()) {
      options_.frame_rate = parse_frame_rate(fps);
      const double frames_a_tick = clip.frame_rate().value() * clip.time_base().value();
      nominal_duration_ = std::max<int64_t>(1, std::llround(1 / frames_a_tick));
      rate_.emplace(clip.time_base(), options_.frame_rate);
      options_.time_base = {options_.frame_rate.den, options_.frame_rate.num};
    }
    choose_sound(job.options.output.audio, clip);
    options_.metadata["comment"] = "made with animate " ANIMATE_VERSION;
  }

  void write(const RenderedFrame& rendered, int64_t pts, int64_t duration) {
    Frame frame{composer_.compose(rendered), pts, duration};
    if (!writer_) {
      width = frame.image.width();
      height = frame.image.height();
      writer_.emplace(path_, width, height, options_);
    }
    if (!rate_) {
      writer_->write(frame);
      return;
    }
    // A frame is shown until the next one begins, so it is written once that time is known.
    if (held_) write_held_until(pts);
    held_ = std::move(frame);
  }

  void finish() {
    check(writer_.has_value(), ErrorKind::Input, "{}: the driving clip gave no frames; choose another clip",
          show(path_));
    // A last frame that does not tell how long it lasts is shown as long as the others on average.
    if (held_) write_held_until(held_->pts + (held_->duration > 0 ? held_->duration : nominal_duration_));
    writer_->finish();
  }

  std::vector<std::string> warnings() const {
    auto all = sound_warnings_;
    if (writer_) all.insert(all.end(), writer_->warnings().begin(), writer_->warnings().end());
    return all;
  }

  int width = 0;
  int height = 0;

 private:
  void choose_sound(const std::string& audio, const DrivingClip& clip) {
    if (audio == "none") return;
    if (audio != "driving") {
      options_.audio = AudioSource{audio, 0, std::nullopt};
      return;
    }
    if (const auto sound = clip.sound()) {
      options_.audio = AudioSource{sound->path, sound->start, sound->end};
    } else if (clip.is_template() && !clip.stored()->audio_path.empty()) {
      sound_warnings_.push_back(
          show(clip.stored()->audio_path) +
          ": the sound of the motion template is no longer there; the result is silent (give it with "
          "--audio FILE)");
    }
  }

  void write_held_until(int64_t pts) {
    for (int64_t n = rate_->ticks_until(pts); n > 0; --n) {
      writer_->write({held_->image, rate_->tick(), 1});
      rate_->advance();
    }
  }

  std::filesystem::path path_;
  const FrameComposer& composer_;
  VideoWriterOptions options_;
  std::optional<VideoWriter> writer_;
  std::optional<ConstantRate> rate_;
  std::optional<Frame> held_;
  int64_t nominal_duration_ = 1;  // in the driver's ticks
  std::vector<std::string> sound_warnings_;
};

struct TimedFrame {
  RenderedFrame rendered;
  int64_t pts = 0;
  int64_t duration = 0;
};

void append(std::vector<std::string>& all, const std::vector<std::string>& more) {
  all.insert(all.end(), more.begin(), more.end());
}

void report(const AnimateSummary& summary) {
  for (const std::string& warning : summary.warnings) log::warn("{}", warning);
  log::info(
      "{} frames in {:.1f} s ({:.1f} a second): decoding {:.1f} s, motion {:.1f} s, rendering {:.1f} s, encoding "
      "{:.1f} s",
      summary.frames, summary.seconds, static_cast<double>(summary.frames) / std::max(summary.seconds, 1e-9),
      summary.decode_seconds, summary.motion_seconds, summary.render_seconds, summary.encode_seconds);
  log::debug("memory: {:.0f} MB at most; inference waited {} times for the decoder, {} times for the encoder",
             static_cast<double>(process_memory().peak) / 1e6, summary.decode_stalls, summary.encode_stalls);
}

void check_family(const DrivingClip& clip, const Model& model, const std::filesystem::path& path) {
  if (!clip.is_template()) return;
  check(clip.stored()->family == model.info().family, ErrorKind::Input,
        "{}: was made by the model family {}, this model is of {}; make the template with this model", show(path),
        clip.stored()->family, model.info().family);
}

}  // namespace

AnimateSummary run_animation(const std::shared_ptr<const Model>& model, const AnimateJob& job, Progress& progress,
                             std::stop_token stop) {
  const Stopwatch watch;
  const AnimateOptions& options = job.options;
  const SourcePicture source(job.source, options.crop);
  DrivingClip clip(job.driving, options.driving);
  check_family(clip, *model, job.driving);
  Session session(model, source.crop(), options.motion);

  AnimateSummary summary;
  if (options.motion.relative && options.motion.reference != "first") {
    auto reference = find_reference(clip, session, reference_number(options.motion.reference), progress, stop);
    summary.reference_frame = reference.frame;
    log::info("relative motion starts from driving frame {}", reference.frame);
    session.set_reference(std::move(reference.motion));
  }

  const bool keypoints = options.output.show_keypoints;
  const FrameComposer composer(source, options.output, keypoints ? session.source_keypoints() : std::vector<Point>());
  Output output(job, composer, clip);
  progress.start("animating", clip.expected_steps());
  int64_t done = 0;
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
    if (keypoints) {
      timed.rendered.driving_keypoints = session.driving_keypoints(motion);
      timed.rendered.applied_keypoints = session.applied_keypoints(motion);
    }
    progress.advance(++done);
    return timed;
  };
  stages.encode = [&output](TimedFrame timed) { output.write(timed.rendered, timed.pts, timed.duration); };
  const PipelineStats stats = run_pipeline(stages, stop);
  output.finish();
  progress.finish(done);

  summary.output = job.output;
  summary.frames = stats.frames;
  summary.width = output.width;
  summary.height = output.height;
  summary.decode_seconds = stats.decode_seconds;
  summary.encode_seconds = stats.encode_seconds;
  summary.decode_stalls = static_cast<int64_t>(stats.decode_stalls);
  summary.encode_stalls = static_cast<int64_t>(stats.encode_stalls);
  append(summary.warnings, source.warnings());
  append(summary.warnings, clip.warnings());
  append(summary.warnings, output.warnings());
  summary.seconds = watch.seconds();
  report(summary);
  return summary;
}

AnimateSummary run_extraction(const std::shared_ptr<const Model>& model, const TemplateJob& job, Progress& progress,
                              std::stop_token stop) {
  const Stopwatch watch;
  DrivingClip clip(job.driving, job.options);
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
