#include "engine/portrait/driving_track.h"

#include <cmath>

#include "base/error.h"
#include "base/stopwatch.h"
#include "core/frame_transfer.h"
#include "engine/pipeline_settings.h"
#include "engine/portrait/portrait_job.h"
#include "face/driving_crop.h"
#include "motion/face_template.h"
#include "motion/open_ratios.h"
#include "pictures/exact_resize.h"

// The driver is read twice, because a steady crop needs to know where the face goes before the first picture is cut:
//
//   pass 1  decode -> find the face             -> a box for every picture   (left out where nothing is cropped)
//              boxes smoothed over the clip     -> a crop for every picture
//   pass 2  decode -> cut out, resize -> motion extractor -> numbers for every picture
//
// Only numbers are kept, never pictures, so memory does not grow with the size of the video. Frames and pictures are
// counted apart: --on-lost skip removes frames, and `picture` still says where each of them came from.
namespace animate::engine {
namespace {

// A face that is gone for no longer than this was only missed by the detector.
constexpr double kBlinkSeconds = 0.5;

// What the first pass knows of a clip.
struct FacePass {
  std::vector<bool> found;
  std::vector<face::FaceCorners> boxes;  // of the pictures with a face
  std::vector<size_t> box_of;            // picture -> index in boxes; of the nearest earlier picture where it has none
  std::vector<std::optional<motion::OpenRatios>> ratios;
  double decode_seconds = 0;
};

// The first pass. A picture without a face takes the box of the last one that had one; before the first, box 0, which
// is the first that will be found. With no face at all box_of points nowhere, and the caller refuses to crop.
FacePass find_faces(DrivingClip& clip, const std::string& shown, FaceFinder& faces, const LivePortraitOptions& options,
                    Progress& progress, std::stop_token stop) {
  FacePass pass;
  const auto track = faces.follow(FaceRole::Driver, shown);
  const face::RectangleOptions rectangle{options.scale_crop_driving,
                                         options.like_the_original() ? 0 : options.vx_ratio_crop_driving,
                                         options.vy_ratio_crop_driving};
  progress.start("finding the driver's face", clip.expected_steps());
  PipelineStages<DrivingStep, int> stages;
  stages.decode = [&clip] { return clip.next(); };
  stages.infer = one_by_one<DrivingStep, int>([&](DrivingStep step) {
    const auto face = track->next(step.frame.image);
    pass.found.push_back(face.has_value());
    if (face) pass.boxes.push_back(face::driving_box(face->landmarks, rectangle));
    pass.box_of.push_back(pass.boxes.empty() ? 0 : pass.boxes.size() - 1);
    pass.ratios.push_back(face && face->points203 ? std::optional(motion::open_ratios(*face->points203))
                                                  : std::nullopt);
    progress.advance(std::ssize(pass.found));
    return 0;
  });
  stages.encode = [](int) {};
  pass.decode_seconds = run_pipeline(stages, stop).decode_seconds;
  progress.finish(std::ssize(pass.found));
  clip.rewind();
  return pass;
}

// The original cuts one average square out of all pictures; otherwise the square follows the face, smoothed over time.
std::vector<pictures::CropTransform> make_crops(const FacePass& pass, double fps, const LivePortraitOptions& options) {
  std::vector<face::FaceCorners> boxes;
  for (const size_t index : pass.box_of) boxes.push_back(pass.boxes[index]);
  if (options.like_the_original()) {
    boxes.assign(boxes.size(), face::average_box(pass.boxes));
  } else {
    boxes = face::follow_boxes(boxes, fps);
  }
  std::vector<pictures::CropTransform> crops;
  crops.reserve(boxes.size());
  for (const face::FaceCorners& box : boxes) crops.push_back(face::crop_by_box(box, kCropSide));
  return crops;
}

// Applies --on-lost to pictures without a face; `found` is per picture. Hold repeats the motion of the last frame with
// a face (in place: that frame is always one with a face, so it is never overwritten); Skip removes the frames.
void apply_on_lost(DrivingTrack& track, const std::vector<bool>& found, const std::string& shown,
                   const LivePortraitOptions& options) {
  track.lost = lost_spans(found);
  if (track.lost.empty()) return;
  const std::string spans = describe_spans(track.lost, track.times.begins());
  track.gaps = face_gaps("driving", track.lost, track.times.begins(), std::string(word_of(options.on_lost)));
  check(options.on_lost != OnLost::Fail, ErrorKind::Input,
        "{}: no face is to be seen at {}; use --on-lost hold or cut the clip with --start and --end", shown, spans);
  if (options.on_lost == OnLost::Hold) {
    const auto held = held_frames(found);
    for (size_t i = 0; i < held.size(); ++i) track.frames[i] = track.frames[held[i]];
    track.warnings.push_back(
        fmt::format("{}: no face is to be seen at {}; the motion is held there (--on-lost)", shown, spans));
    return;
  }
  // Skip: the frames that remain are moved together in time, each with the length it had until its neighbour:
  //
  //   found      y   y   n   n   y          pts  0  1  2  3  4
  //   kept       0   1           4          pts  0  1        2      (crops stay one for every picture of the clip)
  DrivingTrack kept = track;
  kept.frames.clear();
  kept.picture.clear();
  kept.times.pts.clear();
  kept.times.duration.clear();
  int64_t next = 0;
  for (size_t i = 0; i < found.size(); ++i) {
    const int64_t length = i + 1 < found.size() ? track.times.pts[i + 1] - track.times.pts[i] : track.times.duration[i];
    if (!found[i]) continue;
    kept.frames.push_back(track.frames[i]);
    kept.picture.push_back(i);
    kept.times.pts.push_back(next);
    kept.times.duration.push_back(length);
    next += std::max<int64_t>(1, length);
  }
  track = std::move(kept);
  track.warnings.push_back(
      fmt::format("{}: no face is to be seen at {}; these frames are left out (--on-lost skip) and the sound no longer "
                  "fits behind them",
                  shown, spans));
}

// A picture of the driver as the motion extractor sees it, on its way there.
struct SentView {
  core::SentFrame view;
  int64_t pts = 0;
  int64_t duration = 0;
};

// The second pass: what the motion extractor says of every picture, cut out where the track has crops.
void read_motion(const models::liveportrait::LivePortraitModel& model, DrivingClip& clip,
                 const PipelineSettings& settings, DrivingTrack& track, Progress& progress, std::stop_token stop) {
  progress.start("reading the driver's motion", clip.expected_steps());
  core::FrameTransfer transfer(model.device());
  PipelineStages<SentView, motion::FaceFrame> stages;
  size_t index = 0;
  stages.decode = [&]() -> std::optional<SentView> {
    auto step = clip.next();
    if (!step) return std::nullopt;
    const bool known = index < track.crops.size();
    Image view = driving_view(step->frame.image, known ? std::optional(track.crops[index]) : std::nullopt);
    ++index;
    return SentView{transfer.send(std::move(view)), step->frame.pts, step->frame.duration};
  };
  // On the calling thread. It alone writes times, and only the encoding stage's thread writes track.frames.
  stages.infer = [&](std::vector<SentView> steps) {
    const Stopwatch watch;
    std::vector<core::SentFrame> views;
    for (SentView& step : steps) {
      track.picture.push_back(track.times.size());
      track.times.pts.push_back(step.pts);
      track.times.duration.push_back(step.duration);
      views.push_back(std::move(step.view));
    }
    std::vector<motion::FaceFrame> frames;
    for (motion::FaceMotion& motion : model.motions_of(transfer.to_tensor(views))) {
      frames.push_back({std::move(motion), std::nullopt});
    }
    track.motion_seconds += watch.seconds();
    progress.advance(std::ssize(track.times.pts));
    return frames;
  };
  stages.encode = [&track](motion::FaceFrame face) { track.frames.push_back(std::move(face)); };
  track.decode_seconds += run_pipeline(stages, std::move(stop), settings).decode_seconds;
  progress.finish(std::ssize(track.frames));
}

// A motion template holds what the second pass would find; no pictures, no network. Times begin again at 0.
DrivingTrack from_template(const DrivingClip& clip, const std::string& shown) {
  DrivingTrack track;
  motion::FaceTemplate stored = motion::to_face_template(*clip.stored(), shown);
  const auto [first, last] = clip.stored_range();
  for (size_t i = first; i < last; ++i) {
    track.frames.push_back(std::move(stored.frames[i]));
    track.picture.push_back(i - first);
    track.times.pts.push_back(stored.pts[i] - stored.pts[first]);
    track.times.duration.push_back(stored.duration[i]);
  }
  track.is_video = track.frames.size() > 1;
  return track;
}

}  // namespace

Image driving_view(const Image& picture, const std::optional<pictures::CropTransform>& crop) {
  return pictures::resize_linear(crop ? pictures::warp_crop(picture, *crop) : picture, kViewSide, kViewSide);
}

DrivingTrack read_driving(const models::liveportrait::LivePortraitModel& model, DrivingClip& clip,
                          const std::string& shown, const AnimateOptions& all, FaceFinder& faces, Progress& progress,
                          std::stop_token stop) {
  const LivePortraitOptions& options = all.liveportrait;
  const ClipTiming timing{clip.frame_rate(), clip.time_base()};
  if (clip.is_template()) {
    DrivingTrack track = from_template(clip, shown);
    track.warnings = clip.warnings();
    track.times.timing = timing;
    return track;
  }
  const auto [width, height] = clip.picture_size();
  const bool crop = options.crop_driving || width != height;
  FacePass pass;
  if (crop || faces.has_points203()) {
    pass = find_faces(clip, shown, faces, options, progress, stop);
    const auto blink = static_cast<size_t>(kBlinkSeconds * timing.frame_rate.value());
    if (!faces.has_points203()) bridge_gaps(pass.found, blink);
    check(!pass.boxes.empty() || !crop, ErrorKind::Input,
          "{}: no face was found in any frame; give a clip that shows one, a better --detector, or a square clip, "
          "which is not cropped",
          shown);
  }
  DrivingTrack track;
  track.times.timing = timing;
  if (crop) track.crops = make_crops(pass, timing.frame_rate.value(), options);

  track.decode_seconds = pass.decode_seconds;
  read_motion(model, clip, pipeline_settings(all.runtime, model), track, progress, stop);
  for (size_t i = 0; i < std::min(pass.ratios.size(), track.frames.size()); ++i)
    track.frames[i].ratios = pass.ratios[i];
  for (const std::string& warning : clip.warnings()) track.warnings.push_back(warning);  // a rewound clip forgets them
  clip.rewind();
  track.is_video = !clip.is_still();
  if (track.is_video && track.frames.size() == 1) {
    track.warnings.push_back(shown +
                             ": has only one frame, so there is no movement to carry over; give a longer clip, or a "
                             "picture to take its expression");
  }
  // Pictures that are used whole, without 203 landmarks, were not searched for faces: none can be lost there.
  if (!pass.boxes.empty()) {
    pass.found.resize(track.frames.size(), true);
    apply_on_lost(track, pass.found, shown, options);
  }
  return track;
}

}  // namespace animate::engine
