#include "engine/portrait/portrait_source.h"

#include <algorithm>

#include "base/error.h"
#include "base/log.h"
#include "core/frame_transfer.h"
#include "engine/pipeline_settings.h"
#include "engine/portrait/portrait_job.h"
#include "face/portrait_crop.h"
#include "motion/open_ratios.h"
#include "pictures/exact_resize.h"

namespace animate::engine {
namespace {

// The crop's border is at 2.3 faces: this much outside still shows the whole face.
constexpr double kMuchOutside = 0.25;

face::PortraitCropOptions crop_options(const LivePortraitOptions& options) {
  face::PortraitCropOptions crop;
  crop.size = kCropSide;
  crop.scale = options.scale;
  crop.vx_ratio = options.like_the_original() ? 0 : options.vx_ratio;
  crop.vy_ratio = options.vy_ratio;
  crop.rotate = options.rotation;
  return crop;
}

motion::FaceFrame face_of(const models::liveportrait::LivePortraitModel& model, const Image& view,
                          const std::optional<Points2>& points203) {
  motion::FaceFrame face{model.motion_of(core::to_tensor(view)), std::nullopt};
  if (points203) face.ratios = motion::open_ratios(*points203);
  return face;
}

struct Cropped {
  Image view;
  std::optional<pictures::CropTransform> crop;
  std::optional<Points2> points203;
  bool found = true;
};

}  // namespace

Image limited_picture(const Image& picture, const LivePortraitOptions& options) {
  if (!options.like_the_original()) {
    return pictures::resize_to_limit(picture, static_cast<int>(options.max_dim),
                                     static_cast<int>(options.source_division));
  }
  constexpr int original_max_dim = 1280;
  constexpr int original_division = 2;
  return pictures::resize_to_limit(
      picture, options.max_dim > 0 ? static_cast<int>(options.max_dim) : original_max_dim,
      options.source_division > 1 ? static_cast<int>(options.source_division) : original_division);
}

Image source_view(const Image& picture, const std::optional<pictures::CropTransform>& crop) {
  return crop ? pictures::resize_area(pictures::warp_crop(picture, *crop), kViewSide, kViewSide)
              : pictures::resize_linear(picture, kViewSide, kViewSide);
}

SourcePortrait read_portrait(const models::liveportrait::LivePortraitModel& model, const Image& picture,
                             const std::string& shown, const AnimateOptions& all, FaceFinder& faces) {
  const LivePortraitOptions& options = all.liveportrait;
  SourcePortrait portrait;
  portrait.picture = limited_picture(picture, options);
  if (!crops_faces(all)) {
    const Image view = source_view(portrait.picture, std::nullopt);
    portrait.faces.push_back({std::nullopt, view, face_of(model, view, std::nullopt)});
    return portrait;
  }
  for (const FoundFace& found : faces.in_picture(portrait.picture, shown)) {
    const pictures::CropTransform transform = face::crop_transform(found.landmarks, crop_options(options));
    if (pictures::share_outside(transform, portrait.picture.width(), portrait.picture.height()) > kMuchOutside) {
      portrait.warnings.push_back(shown +
                                  ": the face lies at the border of the picture; what is missing is painted black (a "
                                  "smaller --scale crops closer)");
    }
    const Image view = source_view(portrait.picture, transform);
    portrait.faces.push_back({transform, view, face_of(model, view, found.points203)});
  }
  return portrait;
}

media::VideoReader open_source_video(const Input& source) {
  return media::VideoReader(source.path, reader_options(source));
}

SourceTrack read_source_video(const models::liveportrait::LivePortraitModel& model, const Input& source,
                              const AnimateOptions& all, const SourceLimit& limit, FaceFinder& faces,
                              Progress& progress, std::stop_token stop) {
  const LivePortraitOptions& options = all.liveportrait;
  const bool crop = crops_faces(all);
  const std::string shown = show(source.path);
  media::VideoReader reader = open_source_video(source);
  SourceTrack track;
  track.times.timing = {reader.info().frame_rate, reader.info().time_base};
  // Without a crop nobody needs to know where the face is.
  const auto tracker = crop ? faces.follow(FaceRole::Source, shown) : nullptr;
  const double tick = track.times.timing.time_base.value();
  auto expected = reader.info().frame_count_from_header;
  if (expected) expected = static_cast<int64_t>(std::min(static_cast<size_t>(*expected), limit.frames));
  progress.start("reading the source", expected);
  PipelineStages<Frame, motion::FaceFrame> stages;
  size_t decoded = 0;
  stages.decode = [&]() -> std::optional<Frame> {
    if (decoded++ >= limit.frames) return std::nullopt;
    auto frame = reader.next();
    if (frame && static_cast<double>(frame->pts) * tick >= limit.seconds) return std::nullopt;
    return frame;
  };
  // Where the face of the next frame is; the views of those that show it are collected for the networks.
  core::FrameTransfer transfer(model.device());
  const auto look = [&](const Frame& frame, std::vector<core::SentFrame>& views) {
    const Image picture = limited_picture(frame.image, options);
    std::optional<pictures::CropTransform> transform;
    std::optional<motion::OpenRatios> ratios;
    bool found = true;
    if (crop) {
      const auto face = tracker->next(picture);
      found = face.has_value();
      if (face) {
        transform = face::crop_transform(face->landmarks, crop_options(options));
        if (face->points203) ratios = motion::open_ratios(*face->points203);
      } else if (!track.crops.empty()) {
        transform = track.crops.back();
      }
    }
    track.found.push_back(found);
    track.crops.push_back(transform);
    track.times.pts.push_back(frame.pts);
    track.times.duration.push_back(frame.duration);
    if (found) views.push_back(transfer.send(source_view(picture, transform)));
    motion::FaceFrame known;
    known.ratios = ratios;
    return known;
  };
  stages.infer = [&](std::vector<Frame> frames) {
    std::vector<motion::FaceFrame> read;
    std::vector<core::SentFrame> views;
    for (const Frame& frame : frames) read.push_back(look(frame, views));
    // A frame without a face keeps the motion of the one before; those before the first face are filled in below.
    if (!views.empty()) {
      std::vector<motion::FaceMotion> motions = model.motions_of(transfer.to_tensor(views));
      auto motion = motions.begin();
      const size_t first = track.found.size() - frames.size();
      for (size_t i = 0; i < read.size(); ++i) {
        if (track.found[first + i]) read[i].motion = std::move(*motion++);
      }
    }
    progress.advance(std::ssize(track.times.pts));
    return read;
  };
  stages.encode = [&track](motion::FaceFrame face) { track.faces.push_back(std::move(face)); };
  run_pipeline(stages, std::move(stop), pipeline_settings(all.runtime, model));
  progress.finish(std::ssize(track.faces));
  for (const std::string& note : reader.notes()) log::info("{}", note);
  for (const std::string& warning : reader.warnings()) track.warnings.push_back(warning);

  track.lost = lost_spans(track.found);
  if (track.lost.empty()) return track;
  const size_t missing = static_cast<size_t>(std::count(track.found.begin(), track.found.end(), false));
  check(missing < track.found.size(), ErrorKind::Input,
        "{}: no face was found in any frame; place it by hand with --bbox x,y,w,h, give a better --detector, or use "
        "--crop none",
        shown);
  const std::string spans = describe_spans(track.lost, track.times.begins());
  check(options.on_lost != OnLost::Fail, ErrorKind::Input,
        "{}: no face is to be seen at {}; use --on-lost hold or another video", shown, spans);
  track.gaps = face_gaps("source", track.lost, track.times.begins(), "unchanged");
  const auto held = held_frames(track.found);
  for (size_t i = 0; i < held.size(); ++i) {
    track.faces[i] = track.faces[held[i]];
    track.crops[i] = track.crops[held[i]];
  }
  track.warnings.push_back(fmt::format("{}: no face is to be seen at {}; these frames stay as they are", shown, spans));
  return track;
}

}  // namespace animate::engine
