#include "engine/portrait/face_finder.h"

#include "base/error.h"
#include "face/crop_landmarks.h"
#include "face/face_choice.h"
#include "face/face_detector.h"
#include "face/face_tracker.h"
#include "face/landmark106.h"
#include "face/landmark203.h"
#include "face/manual_face.h"

namespace animate {

FaceFinder::FaceFinder(const LivePortraitOptions& options, const FaceModelFiles& files)
    : options_(options), files_(files) {
  if (!options_.landmarks106.empty()) files_.landmarks106 = options_.landmarks106;
  if (!options_.landmarks203.empty()) files_.landmarks203 = options_.landmarks203;
  check(options_.bbox.empty() || options_.points.empty(), ErrorKind::Usage,
        "--bbox and --points both place the face; give one of them");
  FaceChoice::parse(options_.face);
  if (!placed_by_hand() && files_.landmarks106.empty() && files_.landmarks203.empty()) {
    warnings_.push_back(
        "faces are cropped by the detector's box, less exactly than by landmarks; put landmark.onnx and 2d106det.onnx "
        "into the model's folder (see README)");
  }
}

FaceFinder::~FaceFinder() = default;

std::unique_ptr<FaceDetector> FaceFinder::make_detector() const {
  FaceDetectorOptions options;
  options.model = options_.detector;
  if (options_.detector == "auto") options.model = files_.detector.empty() ? "haar" : files_.detector;
  // The option's default is meant for SCRFD; other detectors know their own.
  const LivePortraitOptions defaults;
  if (options_.det_thresh != defaults.det_thresh) options.threshold = options_.det_thresh;
  return make_face_detector(options);
}

std::unique_ptr<Landmark106> FaceFinder::make_landmark106() const {
  return files_.landmarks106.empty() ? nullptr : Landmark106::load(files_.landmarks106);
}

std::unique_ptr<Landmark203> FaceFinder::make_landmark203() const {
  return files_.landmarks203.empty() ? nullptr : Landmark203::load(files_.landmarks203);
}

FoundFace FaceFinder::place_by_hand(const Image& picture) const {
  const Face face = options_.bbox.empty() ? parse_face_points(options_.points, picture.width(), picture.height())
                                          : parse_face_box(options_.bbox, picture.width(), picture.height());
  return {landmarks_for_crop(face), std::nullopt};
}

std::vector<FoundFace> FaceFinder::in_picture(const Image& picture, const std::string& shown) {
  if (placed_by_hand()) return {place_by_hand(picture)};
  const auto faces = make_detector()->detect(picture);
  check(!faces.empty(), ErrorKind::Input,
        "{}: no face was found; place it by hand with --bbox x,y,w,h, give a better --detector, or animate the whole "
        "picture with --crop none",
        shown);
  if (faces.size() > 1 && options_.face == LivePortraitOptions().face) {
    warnings_.push_back(
        fmt::format("{}: {} faces were found; the largest is animated (choose with --face)", shown, faces.size()));
  }
  const auto landmark106 = make_landmark106();
  const auto landmark203 = make_landmark203();
  std::vector<FoundFace> found;
  for (const size_t i : choose_faces(faces, FaceChoice::parse(options_.face), shown)) {
    FoundFace face{landmark106 ? landmark106->find(picture, faces[i].box) : landmarks_for_crop(faces[i]), std::nullopt};
    if (landmark203) face.points203 = landmark203->find(picture, face.landmarks);
    // As the original: the 106 points frame a picture, where there are any.
    if (!landmark106 && face.points203) face.landmarks = *face.points203;
    found.push_back(std::move(face));
  }
  return found;
}

FaceFinder::Track::Track(const FaceFinder& finder, Role role, std::string shown) : finder_(finder), role_(role) {
  if (role_ == Role::Source && finder_.placed_by_hand()) return;
  FaceTrackerOptions options;
  if (role_ == Role::Source) options.choice = FaceChoice::parse(finder_.options_.face);
  options.shown_name = std::move(shown);
  options.redetect = !finder_.options_.like_the_original();
  tracker_ = std::make_unique<FaceTracker>(finder_.make_detector(), finder_.make_landmark106(),
                                           finder_.make_landmark203(), options);
}

FaceFinder::Track::~Track() = default;

std::optional<FoundFace> FaceFinder::Track::next(const Image& frame) {
  if (!tracker_) {
    if (!placed_) placed_ = finder_.place_by_hand(frame);
    return placed_;
  }
  auto tracked = tracker_->next(frame);
  if (!tracked) return std::nullopt;
  FoundFace face{std::move(tracked->landmarks), std::nullopt};
  if (tracked->has_ratio_points) face.points203 = face.landmarks;
  return face;
}

}  // namespace animate
