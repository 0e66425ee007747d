#include "engine/film_crops.h"

#include <algorithm>
#include <iterator>
#include <limits>

#include "base/error.h"
#include "base/log.h"
#include "face/crop_suggestion.h"
#include "face/face_detector.h"
#include "media/video_reader.h"
#include "pictures/exact_resize.h"

namespace animate::engine {
namespace {

// A larger frame is looked at reduced, as the original does: a head that is worth a clip is large enough in it.
constexpr int kLargestSide = 640;

std::vector<face::FaceCorners> faces_in(const Image& frame, face::FaceDetector& detector) {
  const double shrink = std::max(1.0, static_cast<double>(std::max(frame.width(), frame.height())) / kLargestSide);
  const Image looked_at = pictures::resize_linear(frame, std::max(1, static_cast<int>(frame.width() / shrink)),
                                                  std::max(1, static_cast<int>(frame.height() / shrink)));
  std::vector<face::FaceCorners> faces;
  for (const face::Face& face : detector.detect(looked_at)) {
    const pictures::Box& box = face.box;
    faces.push_back({box.x * shrink, box.y * shrink, (box.x + box.width) * shrink, (box.y + box.height) * shrink});
  }
  return faces;
}

}  // namespace

std::vector<std::string> film_crops(const std::filesystem::path& film, const CropsOptions& options, Progress& progress,
                                    std::stop_token stop) {
  face::FaceDetectorOptions chosen;
  if (options.detector.kind == DetectorChoice::Kind::File) chosen.model = options.detector.file;
  const auto detector = face::make_face_detector(chosen);
  media::VideoReader reader(film);
  const media::VideoInfo& info = reader.info();
  face::CropSuggestionOptions rules;
  rules.increase = options.increase;
  rules.iou_with_initial = options.iou_with_initial;
  rules.min_frames = static_cast<int>(std::min<int64_t>(options.min_frames, std::numeric_limits<int>::max()));
  rules.scale_width = rules.scale_height = static_cast<int>(options.size);

  face::CropSuggester suggester(info.width, info.height, rules);
  std::vector<face::CropSuggestion> clips;
  progress.start("looking for faces", info.frame_count_from_header);
  while (const auto frame = reader.next()) {
    check(!stop.stop_requested(), ErrorKind::Cancelled, "stopped");
    std::ranges::copy(suggester.add_frame(faces_in(frame->image, *detector)), std::back_inserter(clips));
    progress.advance(reader.frames_read());
  }
  progress.finish(reader.frames_read());
  for (const std::string& warning : reader.warnings()) log::warn("{}", warning);
  std::ranges::copy(suggester.finish(), std::back_inserter(clips));

  std::vector<std::string> commands;
  for (const face::CropSuggestion& clip : clips) {
    commands.push_back(face::ffmpeg_command(clip, film, info.frame_rate.value(), rules));
  }
  return commands;
}

}  // namespace animate::engine
