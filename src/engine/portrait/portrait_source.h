#pragma once

#include <limits>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "animate/image.h"
#include "animate/options.h"
#include "animate/progress.h"
#include "engine/input.h"
#include "engine/portrait/face_finder.h"
#include "engine/portrait/lost_frames.h"
#include "engine/portrait/output_clock.h"
#include "media/video_reader.h"
#include "models/liveportrait/liveportrait_model.h"
#include "pictures/crop_transform.h"

namespace animate::engine {

// One face of a source picture.
struct SourceFace {
  std::optional<pictures::CropTransform> crop;  // absent: the whole picture is the face
  Image view;                                   // what the networks see, 256 x 256
  motion::FaceFrame face;
};

// A still picture and the faces in it that move.
struct SourcePortrait {
  Image picture;
  std::vector<SourceFace> faces;
  std::vector<std::string> warnings;
};

// A source video's faces, one a frame, without the pictures: these are decoded again when they are painted.
struct SourceTrack {
  ClipTimes times;
  std::vector<motion::FaceFrame> faces;                       // held where no face is to be seen
  std::vector<std::optional<pictures::CropTransform>> crops;  // likewise; absent: the whole picture
  std::vector<bool> found;
  std::vector<LostSpan> lost;
  std::vector<FaceGap> gaps;  // the same, for the report
  std::vector<std::string> warnings;
};

// The picture at the size of --max-dim and --source-division, called `shown` in messages, and its faces.
// Throws Error(Input) when there is no face to crop.
SourcePortrait read_portrait(const models::liveportrait::LivePortraitModel& model, const Image& picture,
                             const std::string& shown, const AnimateOptions& options, FaceFinder& faces);

// How much of a source video can be used at all.
struct SourceLimit {
  double seconds = std::numeric_limits<double>::infinity();  // frames that begin before this
  size_t frames = std::numeric_limits<size_t>::max();
};

SourceTrack read_source_video(const models::liveportrait::LivePortraitModel& model, const Input& source,
                              const AnimateOptions& options, const SourceLimit& limit, FaceFinder& faces,
                              Progress& progress, std::stop_token stop);

// The source video's pictures from its beginning.
media::VideoReader open_source_video(const Input& source);

// A picture of the source at the size that it is worked on.
Image limited_picture(const Image& picture, const LivePortraitOptions& options);
// What the networks see of it.
Image source_view(const Image& picture, const std::optional<pictures::CropTransform>& crop);

}  // namespace animate::engine
