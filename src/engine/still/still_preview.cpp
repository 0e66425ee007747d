#include "engine/still/still_preview.h"

#include <utility>

#include "base/error.h"
#include "base/log.h"
#include "base/stopwatch.h"
#include "engine/preview_parts.h"
#include "engine/still/opened_job.h"
#include "engine/summary.h"
#include "face/face_detector.h"
#include "media/image_io.h"

namespace animate::engine {
namespace {

std::vector<Point> corners(const pictures::Box& box) {
  return {
      {box.x, box.y}, {box.x + box.width, box.y}, {box.x + box.width, box.y + box.height}, {box.x, box.y + box.height}};
}

struct ShownStep {
  size_t index = 0;
  DrivingStep step;
};

size_t count_steps(DrivingClip& clip, std::stop_token stop) {
  size_t count = 0;
  while (clip.next()) {
    check(!stop.stop_requested(), ErrorKind::Cancelled, "interrupted; nothing was written");
    ++count;
  }
  clip.rewind();
  return count;
}

// The steps to show, and the first one. Headers may promise more frames than there are: then the last one is shown.
std::vector<ShownStep> pick_steps(DrivingClip& clip, DrivingStep& first, std::stop_token stop) {
  const auto expected = clip.expected_steps();
  const auto wanted = spread_frames(expected ? static_cast<size_t>(*expected) : count_steps(clip, stop));
  std::vector<ShownStep> shown;
  ShownStep last;
  size_t read = 0;
  for (; shown.size() < wanted.size(); ++read) {
    check(!stop.stop_requested(), ErrorKind::Cancelled, "interrupted; nothing was written");
    auto step = clip.next();
    if (!step) break;
    if (read == 0) first = *step;
    last = {read, std::move(*step)};
    if (read == wanted[shown.size()]) shown.push_back(last);
  }
  if (read > 0 && shown.size() < wanted.size() && (shown.empty() || shown.back().index != last.index)) {
    shown.push_back(std::move(last));
  }
  return shown;
}

// Faces are drawn where they can be found; no networks need them here.
std::vector<std::vector<Point>> face_outlines(face::FaceDetector* detector, const Image& picture) {
  std::vector<std::vector<Point>> outlines;
  if (detector == nullptr || picture.empty()) return outlines;
  for (const face::Face& face : detector->detect(picture)) outlines.push_back(corners(face.box));
  return outlines;
}

std::unique_ptr<face::FaceDetector> detector_if_any() {
  try {
    return face::FaceDetector::create();
  } catch (const Error& error) {
    log::debug("{}", error.what());
    return nullptr;
  }
}

}  // namespace

AnimateSummary run_still_preview(const std::shared_ptr<const models::DrivenModel>& model, const CheckedJob& job,
                                 Progress& progress, std::stop_token stop) {
  const Stopwatch watch;
  const AnimateOptions& options = job.options;
  OpenedJob opened(model, job);
  const SourcePicture& source = opened.source;
  DrivingClip& clip = opened.clip;
  AnimatedSource& animated = opened.animated;
  AnimateSummary summary;
  summary.reference_frame = opened.choose_reference(progress, stop);
  DrivingStep first;
  const auto shown = pick_steps(clip, first, stop);
  check(!shown.empty(), ErrorKind::Input, "{}: gave no frames; choose another clip", show(job.driving.path));
  const auto motion_of = [&animated](const DrivingStep& step) {
    return step.motion ? *step.motion : animated.motion_of(step.frame.image);
  };
  if (options.motion.reference.kind == ReferenceChoice::Kind::First) animated.set_reference(motion_of(first));

  const auto detector = detector_if_any();
  const Image picture = media::load_image(job.source.path);
  pictures::PreviewPanel left{
      picture,
      fmt::format("source {}x{}, model {}", picture.width(), picture.height(), model->info().name),
      {corners(source.box())},
      to_pixels(animated.source_keypoints(), source.box().width, source.box().height)};
  for (Point& point : left.points) point = {point.x + source.box().x, point.y + source.box().y};
  std::vector<pictures::PreviewPanel> driving;
  std::vector<pictures::PreviewPanel> results;
  progress.start("painting the preview", std::ssize(shown));
  for (const auto& [index, step] : shown) {
    check(!stop.stop_requested(), ErrorKind::Cancelled, "interrupted; nothing was written");
    const motion::Motion motion = motion_of(step);
    const Image frame = step.frame.image.empty() ? blank_picture() : step.frame.image;
    driving.push_back({frame, frame_label("driver", index, step.frame.pts, clip.time_base()),
                       face_outlines(detector.get(), step.frame.image),
                       to_pixels(animated.driving_keypoints(motion), frame.width(), frame.height())});
    results.push_back({source.finish(animated.animate(motion)),
                       frame_label("result", index, step.frame.pts, clip.time_base()),
                       {},
                       {}});
    progress.advance(std::ssize(results));
  }
  progress.finish(std::ssize(results));
  summary.frames = std::ssize(results);
  append(summary.warnings, source.warnings());
  append(summary.warnings, clip.warnings());
  write_sheet(job, pictures::preview_sheet(left, driving, results), summary);
  summary.seconds = watch.seconds();
  report(summary);
  return summary;
}

}  // namespace animate::engine
