#include "engine/portrait/portrait_animation.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <string_view>

#include "base/error.h"
#include "base/log.h"
#include "base/path_text.h"
#include "base/stopwatch.h"
#include "catalog/option_json.h"
#include "engine/idle_driver.h"
#include "engine/output_clip.h"
#include "engine/portrait/driving_track.h"
#include "engine/portrait/painting.h"
#include "engine/portrait/portrait_edit.h"
#include "engine/portrait/portrait_preview.h"
#include "engine/portrait/portrait_source.h"
#include "engine/preview_parts.h"
#include "engine/sound_choice.h"
#include "engine/source_image.h"
#include "engine/summary.h"
#include "motion/face_template.h"
#include "motion/template_file.h"

namespace animate::engine {
using models::liveportrait::LivePortraitModel;

namespace {

// The animals' transfer has the driver's pose and expression and nothing else.
void check_animal_options(const AnimateOptions& options, bool video, const std::string& shown) {
  check(!video, ErrorKind::Usage, "--animal: works on pictures; give a picture instead of the video {}", shown);
  // What changes the transfer of a human face, each with its own default.
  constexpr auto of_humans =
      std::to_array<std::string_view>({"relative", "animation-region", "driving-option", "normalize-lip",
                                       "eye-retargeting", "lip-retargeting", "smooth", "set"});
  const auto changed = catalog::changed_options(options);
  for (const std::string_view name : of_humans) {
    check(!changed.contains(name), ErrorKind::Usage,
          "--{}: has no effect on an animal, which takes the driver's whole pose and expression; leave it or --animal "
          "out",
          name);
  }
}

}  // namespace

void check_portrait_options(const AnimateOptions& options, bool video, const std::string& shown) {
  if (options.liveportrait.animal) check_animal_options(options, video, shown);
  const CropChoice& crop = options.crop.crop;
  check(crop.kind != CropChoice::Kind::Box, ErrorKind::Usage,
        "--crop {}: LivePortrait crops around a face; place the face with --bbox x,y,w,h", crop.text());
  const bool all_faces = options.liveportrait.face.kind == FaceChoice::Kind::All;
  check(!video || !all_faces, ErrorKind::Usage, "--face all: works on pictures; choose one face of the video {}",
        shown);
  check(
      !all_faces || pastes_faces(options), ErrorKind::Usage,
      "--face all: needs the faces pasted back; leave out --crop none, --no-paste-back and --compat's --no-stitching");
}

namespace {

bool any_ratios(const std::vector<motion::FaceFrame>& frames) {
  return std::any_of(frames.begin(), frames.end(),
                     [](const motion::FaceFrame& frame) { return frame.ratios.has_value(); });
}

// Retargeting without ratios would give a video in which nothing moves; what is left out elsewhere is said.
void check_ratios(const PortraitJob& job, const std::vector<motion::FaceFrame>& source, const DrivingTrack& driving,
                  std::vector<std::string>& warnings) {
  const LivePortraitOptions& own = job.own;
  if (own.eye_retargeting || own.lip_retargeting) {
    const char* flag = own.eye_retargeting ? "--eye-retargeting" : "--lip-retargeting";
    // No landmark.onnx helps a template that was made without.
    check(
        job.job.driving.kind != Input::Kind::Template || any_ratios(driving.frames), ErrorKind::Input,
        "{}: this template does not tell how far eyes and lips are open (c_eyes_lst, c_lip_lst), which {} needs; leave "
        "{} out, or give a clip or another template",
        show(job.job.driving.path), flag, flag);
    check(any_ratios(source), ErrorKind::Input,
          "{}: how far eyes and lips are open is not known, which {} needs; put landmark.onnx into the model's folder "
          "or give it with --landmarks-203",
          show(job.job.source.path), flag);
    check(any_ratios(driving.frames), ErrorKind::Input,
          "{}: how far eyes and lips are open is not known, which {} needs; put landmark.onnx into the model's folder, "
          "or use a template that holds c_eyes_lst and c_lip_lst",
          show(job.job.driving.path), flag);
  }
  if ((own.normalize_lip || own.source_video_eye_retargeting) && !any_ratios(source)) {
    warnings.push_back(show(job.job.source.path) +
                       ": how far eyes and lips are open is not known, so they are not normalised; put landmark.onnx "
                       "into the model's folder or give it with --landmarks-203");
  }
}

}  // namespace

AnimateSummary run_portrait_animation(const LivePortraitModel& model, const CheckedJob& job, Progress& progress,
                                      std::stop_token stop) {
  if (job.is_edit()) return run_portrait_edit(model, job, progress, stop);
  const auto finder = make_face_finder(job.options.liveportrait, model.faces());
  return run_portrait_animation(model, job, *finder, progress, stop);
}

AnimateSummary run_portrait_animation(const LivePortraitModel& model, const CheckedJob& job, FaceFinder& finder,
                                      Progress& progress, std::stop_token stop, std::optional<bool> device_faces) {
  const Stopwatch watch;
  PortraitJob parts{model, job, job.options.liveportrait, progress, stop};
  parts.device_faces = device_faces.value_or(parts.device_faces);
  DrivingClip clip = open_driver(model.info(), job.driving, job.options);
  const bool video = job.source.is_clip();
  check_portrait_options(job.options, video, show(job.source.path));

  AnimateSummary summary;
  // A picture first: its faults are told before the driver's minutes are spent. A video is read as far as it is used.
  SourcePortrait portrait;
  SourceTrack track;
  if (!video)
    portrait = read_portrait(model, load_source_image(job.source.path), show(job.source.path), job.options, finder);
  const DrivingTrack driving = read_driving(model, clip, show(job.driving.path), job.options, finder, progress, stop);
  if (video) {
    track = read_source_video(model, job.source, job.options, source_limit(parts, driving), finder, progress, stop);
  }
  summary.motion_seconds = driving.motion_seconds;

  std::vector<motion::FaceFrame> faces = track.faces;
  for (const SourceFace& face : portrait.faces) faces.push_back(face.face);
  std::vector<std::string> warnings;
  check_ratios(parts, faces, driving, warnings);
  const Choreography moves = choreograph(parts, driving, faces, video ? &track : nullptr);
  summary.reference_frame = static_cast<int64_t>(moves.reference);

  summary.jitter = moves.jitter;
  append(summary.warnings, parts.own.set.warnings());
  append(summary.warnings, finder.warnings());
  summary.framed_by = finder.framed_by();
  if (!summary.framed_by.empty()) log::info("faces were framed by: {}", summary.framed_by);
  append(summary.warnings, portrait.warnings);
  append(summary.warnings, track.warnings);
  append(summary.warnings, driving.warnings);
  summary.gaps = track.gaps;
  summary.gaps.insert(summary.gaps.end(), driving.gaps.begin(), driving.gaps.end());
  if (job.preview) {
    append(summary.warnings, warnings);
    const PreviewParts preview{parts, clip, driving, moves};
    const Image sheet = video ? preview_video(preview, track) : preview_portrait(preview, portrait);
    summary.frames = static_cast<int64_t>(spread_frames(moves.plan.frames.size()).size());
    write_sheet(job, sheet, summary);
    summary.seconds = watch.seconds();
    report(summary);
    return summary;
  }

  OutputClip output(job.output, job.options.output, moves.plan.timing, std::nullopt,
                    choose_sound(job.options.output.audio, clip, job.source, warnings));
  append(summary.warnings, warnings);
  const PaintingParts painting{parts, &clip, &driving, moves, output, summary};
  const PipelineStats stats = video ? paint_video(painting, track) : paint_portrait(painting, portrait);
  summary.output = job.output;
  take_stats(summary, stats);
  summary.decode_seconds += driving.decode_seconds;
  finish_output(output, summary, job.options.output);
  summary.seconds = watch.seconds();
  report(summary);
  return summary;
}

AnimateSummary run_portrait_extraction(const LivePortraitModel& model, const CheckedTemplateJob& job,
                                       Progress& progress, std::stop_token stop) {
  if (job.driving.is_idle()) return write_idle_template(model.info(), job);
  const Stopwatch watch;
  const LivePortraitOptions& own = job.options.liveportrait;
  DrivingClip clip(job.driving, job.options.driving);
  check(!clip.is_template(), ErrorKind::Input, "{}: is a motion template already; give a driving video",
        show(job.driving.path));
  const auto finder = make_face_finder(own, model.faces());
  DrivingTrack driving = read_driving(model, clip, show(job.driving.path), job.options, *finder, progress, stop);
  motion::FaceTemplate result;
  result.model = model.info().name;
  result.frame_rate = driving.times.timing.frame_rate;
  result.time_base = driving.times.timing.time_base;
  if (const auto sound = clip.sound()) {
    result.audio_path = text_of_path(std::filesystem::absolute(sound->path));
    result.audio_start = sound->start;
  }
  result.frames = std::move(driving.frames);
  // Ratios are stored for all frames or for none.
  const bool complete = std::all_of(result.frames.begin(), result.frames.end(),
                                    [](const motion::FaceFrame& frame) { return frame.ratios.has_value(); });
  for (motion::FaceFrame& frame : result.frames) {
    if (!complete) frame.ratios.reset();
  }
  result.pts = driving.times.pts;
  result.duration = driving.times.duration;
  motion::save_motion_template(job.output, motion::to_motion_template(result));

  AnimateSummary summary;
  summary.output = job.output;
  summary.frames = std::ssize(result.frames);
  summary.motion_seconds = driving.motion_seconds;
  append(summary.warnings, finder->warnings());
  append(summary.warnings, driving.warnings);
  summary.seconds = watch.seconds();
  report(summary);
  return summary;
}

}  // namespace animate::engine
