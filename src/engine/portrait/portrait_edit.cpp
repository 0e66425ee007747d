#include "engine/portrait/portrait_edit.h"

#include <utility>

#include "base/error.h"
#include "base/file_suffix.h"
#include "base/stopwatch.h"
#include "engine/frame_rate.h"
#include "engine/output_clip.h"
#include "engine/portrait/edit_checks.h"
#include "engine/portrait/edit_plan.h"
#include "engine/portrait/painting.h"
#include "engine/portrait/portrait_animation.h"
#include "engine/portrait/portrait_source.h"
#include "engine/sound_choice.h"
#include "engine/source_image.h"
#include "engine/summary.h"
#include "motion/expression_edit.h"

namespace animate::engine {
namespace {

using models::liveportrait::LivePortraitModel;

constexpr Rational kStillRate{25, 1};  // of a clip made from a picture, unless --fps says otherwise

constexpr size_t kMostStillFrames = 1'000'000;  // 11 hours

// Keypoints that are known from the start: about half a kilobyte a frame.
class KnownKeypoints : public motion::KeypointTrack {
 public:
  void add(Points3 source, Points3 driving) {
    source_.push_back(std::move(source));
    driving_.push_back(std::move(driving));
  }
  Points3 source_keypoints(size_t i) const override { return source_.at(i); }
  Points3 driving_keypoints(size_t i) const override { return driving_.at(i); }

 private:
  std::vector<Points3> source_;
  std::vector<Points3> driving_;
};

// The pictures of a clip made from a still: as many as show the last keyframe.
FramePlan plan_keyframes(const PortraitJob& job) {
  const Rational rate = fixed_rate(job.job.options.output.fps).value_or(kStillRate);
  FramePlan plan{{rate, {rate.den, rate.num}}, {}};
  const size_t count = job.own.set.frames_needed(rate.value());
  check(
      count <= kMostStillFrames, ErrorKind::Usage,
      "--set: the last keyframe lies {} pictures away at {:g} a second, and a clip of a picture has at most {}; bring "
      "it nearer or lower --fps",
      count, rate.value(), kMostStillFrames);
  for (size_t i = 0; i < count; ++i) plan.frames.push_back({0, 0, static_cast<int64_t>(i), 1});
  return plan;
}

FramePlan plan_frames(const PortraitJob& job, const SourceTrack& track) {
  ClockOptions clock;
  if (const auto fixed = fixed_rate(job.job.options.output.fps)) {
    clock.rate = ClockOptions::Rate::Fixed;
    clock.fixed = *fixed;
  }
  return plan_video(track.times, clock);
}

std::shared_ptr<const motion::KeypointTrack> edit_face(const PortraitJob& job, const motion::FaceFrame& face,
                                                       const std::vector<motion::FaceEdit>& edits) {
  auto track = std::make_shared<KnownKeypoints>();
  for (const motion::FaceEdit& edit : edits) {
    track->add(face.motion.keypoints(), edits.size() == 1
                                            ? edited_still(job.model, face, edit)
                                            : motion::edited_keypoints(face, edit, job.model.retargeter()));
  }
  return track;
}

std::shared_ptr<const motion::KeypointTrack> edit_frames(const PortraitJob& job,
                                                         const std::vector<motion::FaceFrame>& faces,
                                                         const std::vector<motion::FaceEdit>& edits) {
  const motion::Retargeter* retargeter = job.model.retargeter();
  std::vector<Points3> driving;
  if (job.own.silent_lips) {
    for (const motion::FaceFrame& face : faces) {
      driving.push_back(motion::silent_lips(face.motion, job.own.stitching ? retargeter : nullptr));
    }
  } else {
    driving = motion::edited_video(faces, edits, retargeter);
  }
  auto track = std::make_shared<KnownKeypoints>();
  for (size_t i = 0; i < faces.size(); ++i) track->add(faces[i].motion.keypoints(), std::move(driving[i]));
  return track;
}

}  // namespace

AnimateSummary run_portrait_edit(const LivePortraitModel& model, const CheckedJob& job, Progress& progress,
                                 std::stop_token stop) {
  const auto finder = make_face_finder(job.options.liveportrait, model.faces());
  return run_portrait_edit(model, job, *finder, progress, stop);
}

AnimateSummary run_portrait_edit(const LivePortraitModel& model, const CheckedJob& job, FaceFinder& finder,
                                 Progress& progress, std::stop_token stop) {
  const Stopwatch watch;
  const PortraitJob parts{model, job, job.options.liveportrait, progress, stop};
  const bool video = !job.source.is_picture();
  check_edits(job);
  check_portrait_options(job.options, video, show(job.source.path));

  SourcePortrait portrait;
  SourceTrack track;
  Choreography moves;
  if (video) {
    track = read_source_video(model, job.source, job.options, {}, finder, progress, stop);
    moves.plan = plan_frames(parts, track);
    std::vector<motion::FaceFrame> faces;
    for (const OutputFrame& frame : moves.plan.frames) faces.push_back(track.faces[frame.source]);
    moves.faces.push_back(edit_frames(parts, faces, plan_edits(parts, moves.plan, faces)));
  } else {
    portrait = read_portrait(model, load_source_image(job.source.path), show(job.source.path), job.options, finder);
    moves.plan = plan_keyframes(parts);
    std::vector<motion::FaceFrame> faces;
    for (const SourceFace& face : portrait.faces) faces.push_back(face.face);
    const std::vector<motion::FaceEdit> edits = plan_edits(parts, moves.plan, faces);
    for (const motion::FaceFrame& face : faces) moves.faces.push_back(edit_face(parts, face, edits));
  }

  const bool still = names_one_written_picture(job.output);
  OutputClip output(job.output, job.options.output, moves.plan.timing, std::nullopt,
                    still ? std::nullopt : sound_without_driver(job.options.output.audio, job.source));
  AnimateSummary summary;
  const PaintingParts painting{parts, nullptr, nullptr, moves, output, summary};
  const PipelineStats stats = video ? paint_video(painting, track) : paint_portrait(painting, portrait);

  summary.output = job.output;
  take_stats(summary, stats);
  append(summary.warnings, parts.own.set.warnings());
  append(summary.warnings, finder.warnings());
  summary.framed_by = finder.framed_by();
  append(summary.warnings, portrait.warnings);
  append(summary.warnings, track.warnings);
  finish_output(output, summary, job.options.output);
  summary.seconds = watch.seconds();
  report(summary);
  return summary;
}

}  // namespace animate::engine
