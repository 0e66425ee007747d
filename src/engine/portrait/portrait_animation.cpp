#include "engine/portrait/portrait_animation.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/error.h"
#include "base/log.h"
#include "base/stopwatch.h"
#include "engine/frame_rate.h"
#include "engine/output_clip.h"
#include "engine/pipeline.h"
#include "engine/portrait/driving_track.h"
#include "engine/portrait/portrait_composer.h"
#include "engine/portrait/portrait_source.h"
#include "engine/sound_choice.h"
#include "engine/summary.h"
#include "engine/tensor_image.h"
#include "media/video_reader.h"
#include "models/liveportrait/transfer_options.h"
#include "motion/face_template.h"
#include "motion/motion_transfer.h"
#include "motion/reference_frame.h"
#include "motion/resample.h"
#include "motion/template_file.h"

namespace animate {
namespace {

using liveportrait::LivePortraitModel;

bool is_video(const std::filesystem::path& path) {
  const MediaKind kind = classify_media(path);
  return kind == MediaKind::Video || kind == MediaKind::Folder || kind == MediaKind::Pattern;
}

ClockOptions clock_options(const AnimateOptions& options, const LivePortraitOptions& own) {
  ClockOptions clock;
  const std::string& fps = options.output.fps;
  if (fps == "driving") clock.rate = ClockOptions::Rate::Driving;
  if (const auto fixed = fixed_rate(fps)) {
    clock.rate = ClockOptions::Rate::Fixed;
    clock.fixed = *fixed;
  }
  if (own.on_mismatch == "cycle") clock.on_mismatch = OnMismatch::Cycle;
  if (own.on_mismatch == "mirror") clock.on_mismatch = OnMismatch::Mirror;
  if (own.on_mismatch == "hold") clock.on_mismatch = OnMismatch::Hold;
  clock.pair_by_index = own.like_the_original();
  return clock;
}

// The driver's frame that relative motion starts from, in the driver's own count.
size_t choose_reference(const std::string& reference, const FaceFrame& source, const DrivingTrack& driving,
                        const std::string& shown) {
  if (reference == "first") return 0;
  if (reference == "auto") return nearest_frame(source, driving.frames);
  if (reference == "neutral") return neutral_frame(driving.frames);
  size_t number = 0;
  std::from_chars(reference.data(), reference.data() + reference.size(), number);
  check(number < driving.frames.size(), ErrorKind::Input,
        "{}: --reference {}: the driving clip has only {} frames; use a number from 0 to {}", shown, number,
        driving.frames.size(), driving.frames.size() - 1);
  return number;
}

// What moves the faces of one job: the driver on the clock of the result, joined with every source face.
struct Choreography {
  OutputPlan plan;
  std::vector<MotionTransfer> faces;  // one a face of a still source; one for a video
  size_t reference = 0;               // driver's frame
};

DrivingMotion driving_motion(const DrivingTrack& driving, const OutputPlan& plan, size_t reference) {
  DrivingMotion motion;
  motion.is_video = driving.is_video;
  if (!driving.is_video) {
    motion.frames = {driving.frames.front()};
    return motion;
  }
  double nearest = std::numeric_limits<double>::infinity();
  for (size_t i = 0; i < plan.frames.size(); ++i) {
    motion.frames.push_back(frame_at(driving.frames, plan.frames[i].driving));
    const double distance = std::abs(plan.frames[i].driving - static_cast<double>(reference));
    if (distance < nearest) {
      nearest = distance;
      motion.reference = i;
    }
  }
  return motion;
}

// Of the job's parts, those that both kinds of source need.
struct Job {
  const LivePortraitModel& model;
  const AnimateJob& job;
  const LivePortraitOptions& own;
  Progress& progress;
  std::stop_token stop;

  bool crops() const { return job.options.crop.crop != "none"; }
  // Whether faces go back into the full picture.
  bool pastes() const {
    // The original silently leaves the picture out without stitching.
    const bool allowed = crops() && (own.stitching || !own.like_the_original());
    return allowed && job.options.crop.paste_back != "off";
  }
  TransferOptions transfer() const { return liveportrait::transfer_options(job.options); }
};

// One step on its way to the networks: which frame of the result, and the pictures it needs.
struct PortraitStep {
  size_t index = 0;
  Image picture;  // of the source video
  Image driving;  // for --concat
};

// The driver's pictures again, for --concat; each asked-for picture is at or behind the last.
class DrivingViews {
 public:
  DrivingViews(DrivingClip& clip, const DrivingTrack& track) : clip_(clip), track_(track) {}

  Image at(size_t picture) {
    if (clip_.is_template()) return {};
    if (picture < next_ && !view_.empty() && picture + 1 != next_) {
      clip_.rewind();
      next_ = 0;
    }
    while (next_ <= picture) {
      auto step = clip_.next();
      if (!step) break;
      if (next_ == picture) {
        const bool cropped = next_ < track_.crops.size();
        view_ = driving_view(step->frame.image, cropped ? std::optional(track_.crops[next_]) : std::nullopt);
      }
      ++next_;
    }
    return view_;
  }

 private:
  DrivingClip& clip_;
  const DrivingTrack& track_;
  size_t next_ = 0;
  Image view_;
};

struct TimedFrame {
  PaintedFrame painted;
  int64_t pts = 0;
  int64_t duration = 0;
};

std::vector<Point> flat(const Points3& points) {
  std::vector<Point> result;
  for (const Point3& point : points) result.push_back({point[0], point[1]});
  return result;
}

// Streams the plan through decode, paint and encode.
class Painting {
 public:
  Painting(const Job& job, DrivingClip& clip, const DrivingTrack& driving, const Choreography& moves,
           OutputClip& output, AnimateSummary& summary)
      : job_(job),
        driving_(driving),
        moves_(moves),
        output_(output),
        summary_(summary),
        views_(clip, driving),
        composer_({job.pastes(), job.job.options.output.concat, job.job.options.output.show_keypoints}) {}

  PipelineStats run(const SourcePortrait& source) {
    std::vector<torch::Tensor> appearances;
    for (const SourceFace& face : source.faces) appearances.push_back(job_.model.appearance_of(to_tensor(face.view)));
    PipelineStages<PortraitStep, TimedFrame> stages;
    stages.decode = [this] { return next_step(); };
    stages.infer = [&, this](PortraitStep step) {
      TimedFrame timed = start(step);
      timed.painted.picture = source.picture;
      timed.painted.source = source.faces.front().view;
      for (size_t i = 0; i < source.faces.size(); ++i) {
        paint(timed.painted, moves_.faces[i], step.index, appearances[i], source.faces[i].crop);
      }
      return timed;
    };
    return stream(stages);
  }

  PipelineStats run(const SourceTrack& source, const std::filesystem::path& path) {
    VideoReader reader(path);
    PipelineStages<PortraitStep, TimedFrame> stages;
    size_t decoded = 0;
    Image picture;
    stages.decode = [&, this]() -> std::optional<PortraitStep> {
      auto step = next_step();
      if (!step) return std::nullopt;
      for (const size_t wanted = moves_.plan.frames[step->index].source; decoded <= wanted; ++decoded) {
        auto frame = reader.next();
        if (!frame) return std::nullopt;
        picture = frame->image;
      }
      step->picture = limited_picture(picture, job_.own);
      return step;
    };
    stages.infer = [&, this](PortraitStep step) {
      const size_t index = moves_.plan.frames[step.index].source;
      TimedFrame timed = start(step);
      timed.painted.picture = step.picture;
      timed.painted.source = source_view(step.picture, source.crops[index]);
      if (source.found[index]) {
        const auto appearance = job_.model.appearance_of(to_tensor(timed.painted.source));
        paint(timed.painted, moves_.faces.front(), step.index, appearance, source.crops[index]);
      }
      return timed;
    };
    return stream(stages);
  }

 private:
  std::optional<PortraitStep> next_step() {
    if (next_ == moves_.plan.frames.size()) return std::nullopt;
    PortraitStep step;
    step.index = next_++;
    if (job_.job.options.output.concat) {
      const auto place = static_cast<size_t>(std::lround(moves_.plan.frames[step.index].driving));
      step.driving = views_.at(driving_.picture[place]);
    }
    return step;
  }

  TimedFrame start(PortraitStep& step) const {
    TimedFrame timed;
    timed.pts = moves_.plan.frames[step.index].pts;
    timed.duration = moves_.plan.frames[step.index].duration;
    timed.painted.driving = std::move(step.driving);
    return timed;
  }

  void paint(PaintedFrame& painted, const MotionTransfer& moves, size_t index, const torch::Tensor& appearance,
             const std::optional<CropTransform>& crop) {
    const Stopwatch watch;
    const Points3 driving = moves.driving_keypoints(index);
    const auto frame = job_.model.paint(appearance, driving, moves.source_keypoints(index));
    painted.generated.push_back(to_image(frame, Rounding::Truncate));
    painted.crops.push_back(crop);
    if (job_.job.options.output.show_keypoints) painted.keypoints.push_back(flat(driving));
    summary_.render_seconds += watch.seconds();
  }

  PipelineStats stream(PipelineStages<PortraitStep, TimedFrame>& stages) {
    job_.progress.start("animating", std::ssize(moves_.plan.frames));
    int64_t done = 0;
    const auto infer = std::move(stages.infer);
    stages.infer = [&](PortraitStep step) {
      TimedFrame timed = infer(std::move(step));
      job_.progress.advance(++done);
      return timed;
    };
    stages.encode = [this](TimedFrame timed) {
      output_.write(composer_.compose(std::move(timed.painted)), timed.pts, timed.duration);
    };
    const PipelineStats stats = run_pipeline(stages, job_.stop);
    output_.finish();
    job_.progress.finish(done);
    return stats;
  }

  const Job& job_;
  const DrivingTrack& driving_;
  const Choreography& moves_;
  OutputClip& output_;
  AnimateSummary& summary_;
  DrivingViews views_;
  PortraitComposer composer_;
  size_t next_ = 0;
};

const LivePortraitOptions& own_options(const AnimateOptions& options) {
  return dynamic_cast<const LivePortraitOptions&>(*options.of("liveportrait"));
}

OutputPlan make_plan(const Job& job, const DrivingTrack& driving, const SourceTrack* video) {
  const ClockOptions clock = clock_options(job.job.options, job.own);
  if (video == nullptr) return plan_still(driving.times, clock);
  return driving.is_video ? plan_video(video->times, driving.times, clock) : plan_video(video->times, clock);
}

// The part of a source video that a driver can move: all of it, unless the result is cut where the driver ends.
SourceLimit source_limit(const Job& job, const DrivingTrack& driving) {
  SourceLimit limit;
  if (!driving.is_video || job.own.on_mismatch != "cut") return limit;
  if (job.own.like_the_original()) {
    limit.frames = driving.times.size();
  } else {
    limit.seconds = driving.times.length();
  }
  return limit;
}

Choreography choreograph(const Job& job, const DrivingTrack& driving, OutputPlan plan,
                         const std::vector<FaceFrame>& faces, bool is_video) {
  const MotionOptions& motion = job.job.options.motion;
  Choreography moves;
  moves.plan = std::move(plan);
  const size_t reference =
      driving.is_video ? choose_reference(motion.reference, faces.front(), driving, show(job.job.driving)) : 0;
  if (motion.reference != "first") log::info("relative motion starts from driving frame {}", reference);
  moves.reference = reference;
  const DrivingMotion driver = driving_motion(driving, moves.plan, reference);
  if (!is_video) {
    for (const FaceFrame& face : faces) {
      moves.faces.emplace_back(job.transfer(), job.model.retargeter(), face, driver);
    }
    return moves;
  }
  std::vector<FaceFrame> source;
  for (const OutputFrame& frame : moves.plan.frames) source.push_back(faces[frame.source]);
  moves.faces.emplace_back(job.transfer(), job.model.retargeter(), std::move(source), driver);
  return moves;
}

bool any_ratios(const std::vector<FaceFrame>& frames) {
  return std::any_of(frames.begin(), frames.end(), [](const FaceFrame& frame) { return frame.ratios.has_value(); });
}

// Retargeting without ratios would give a video in which nothing moves; what is left out elsewhere is said.
void check_ratios(const Job& job, const std::vector<FaceFrame>& source, const DrivingTrack& driving,
                  std::vector<std::string>& warnings) {
  const LivePortraitOptions& own = job.own;
  if (own.eye_retargeting || own.lip_retargeting) {
    const char* flag = own.eye_retargeting ? "--eye-retargeting" : "--lip-retargeting";
    check(any_ratios(source), ErrorKind::Input,
          "{}: how far eyes and lips are open is not known, which {} needs; put landmark.onnx into the model's folder "
          "or give it with --landmarks-203",
          show(job.job.source), flag);
    check(any_ratios(driving.frames), ErrorKind::Input,
          "{}: how far eyes and lips are open is not known, which {} needs; put landmark.onnx into the model's folder, "
          "or use a template that holds c_eyes_lst and c_lip_lst",
          show(job.job.driving), flag);
  }
  if ((own.normalize_lip || own.source_video_eye_retargeting) && !any_ratios(source)) {
    warnings.push_back(show(job.job.source) +
                       ": how far eyes and lips are open is not known, so they are not normalised; put landmark.onnx "
                       "into the model's folder or give it with --landmarks-203");
  }
}

}  // namespace

AnimateSummary run_portrait_animation(const LivePortraitModel& model, const AnimateJob& job, Progress& progress,
                                      std::stop_token stop) {
  const auto finder = make_face_finder(own_options(job.options), model.faces());
  return run_portrait_animation(model, job, *finder, progress, stop);
}

AnimateSummary run_portrait_animation(const LivePortraitModel& model, const AnimateJob& job, FaceFinder& finder,
                                      Progress& progress, std::stop_token stop) {
  const Stopwatch watch;
  const Job parts{model, job, own_options(job.options), progress, stop};
  DrivingClip clip(job.driving, job.options.driving);
  const bool video = is_video(job.source);
  check(!video || parts.own.face != "all", ErrorKind::Usage,
        "--face all: works on pictures; choose one face of the video {}", show(job.source));

  AnimateSummary summary;
  // A picture first: its faults are told before the driver's minutes are spent. A video is read as far as it is used.
  SourcePortrait portrait;
  SourceTrack track;
  if (!video) portrait = read_portrait(model, job.source, parts.own, parts.crops(), finder);
  const DrivingTrack driving = read_driving(model, clip, show(job.driving), parts.own, finder, progress, stop);
  if (video) {
    track = read_source_video(model, job.source, parts.own, parts.crops(), source_limit(parts, driving), finder,
                              progress, stop);
  }
  summary.motion_seconds = driving.motion_seconds;

  std::vector<FaceFrame> faces = track.faces;
  for (const SourceFace& face : portrait.faces) faces.push_back(face.face);
  std::vector<std::string> warnings;
  check_ratios(parts, faces, driving, warnings);
  const Choreography moves =
      choreograph(parts, driving, make_plan(parts, driving, video ? &track : nullptr), faces, video);
  summary.reference_frame = static_cast<int64_t>(moves.reference);

  const std::filesystem::path sound_of_source = video ? job.source : std::filesystem::path();
  OutputClip output(job.output, job.options.output, moves.plan.timing, std::nullopt,
                    choose_sound(job.options.output.audio, clip, sound_of_source, warnings));
  Painting painting(parts, clip, driving, moves, output, summary);
  const PipelineStats stats = video ? painting.run(track, job.source) : painting.run(portrait);

  summary.output = job.output;
  take_stats(summary, stats);
  summary.width = output.width();
  summary.height = output.height();
  append(summary.warnings, finder.warnings());
  append(summary.warnings, portrait.warnings);
  append(summary.warnings, track.warnings);
  append(summary.warnings, driving.warnings);
  append(summary.warnings, clip.warnings());
  append(summary.warnings, warnings);
  append(summary.warnings, output.warnings());
  summary.seconds = watch.seconds();
  report(summary);
  return summary;
}

AnimateSummary run_portrait_extraction(const LivePortraitModel& model, const TemplateJob& job, Progress& progress,
                                       std::stop_token stop) {
  const Stopwatch watch;
  const LivePortraitOptions& own = own_options(job.options);
  DrivingClip clip(job.driving, job.options.driving);
  check(!clip.is_template(), ErrorKind::Input, "{}: is a motion template already; give a driving video",
        show(job.driving));
  const auto finder = make_face_finder(own, model.faces());
  DrivingTrack driving = read_driving(model, clip, show(job.driving), own, *finder, progress, stop);
  FaceTemplate result;
  result.model = model.info().name;
  result.frame_rate = driving.times.timing.frame_rate;
  result.time_base = driving.times.timing.time_base;
  if (const auto sound = clip.sound()) {
    result.audio_path = std::filesystem::absolute(sound->path).string();
    result.audio_start = sound->start;
  }
  result.frames = std::move(driving.frames);
  // Ratios are stored for all frames or for none.
  const bool complete = std::all_of(result.frames.begin(), result.frames.end(),
                                    [](const FaceFrame& frame) { return frame.ratios.has_value(); });
  for (FaceFrame& frame : result.frames) {
    if (!complete) frame.ratios.reset();
  }
  result.pts = driving.times.pts;
  result.duration = driving.times.duration;
  save_motion_template(job.output, to_motion_template(result));

  AnimateSummary summary;
  summary.output = job.output;
  summary.frames = std::ssize(result.frames);
  summary.motion_seconds = driving.motion_seconds;
  append(summary.warnings, finder->warnings());
  append(summary.warnings, driving.warnings);
  append(summary.warnings, clip.warnings());
  summary.seconds = watch.seconds();
  report(summary);
  return summary;
}

}  // namespace animate
