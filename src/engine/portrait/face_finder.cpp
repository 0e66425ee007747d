#include "engine/portrait/face_finder.h"

#include <utility>

#include "base/error.h"
#include "face/crop_landmarks.h"
#include "face/face_choice.h"
#include "face/face_detector.h"
#include "face/face_tracker.h"
#include "face/landmark106.h"
#include "face/landmark203.h"
#include "face/manual_face.h"

namespace animate::engine {
namespace {

class DetectedTrack : public FaceTrack {
 public:
  explicit DetectedTrack(face::FaceTracker tracker) : tracker_(std::move(tracker)) {}

  std::optional<FoundFace> next(const Image& frame) override {
    auto tracked = tracker_.next(frame);
    if (!tracked) return std::nullopt;
    FoundFace face{std::move(tracked->landmarks), std::nullopt};
    if (tracked->has_ratio_points) face.points203 = face.landmarks;
    return face;
  }

 private:
  face::FaceTracker tracker_;
};

// A face that a person placed stays where it is.
FoundFace place_by_hand(const LivePortraitOptions& options, const Image& picture) {
  const face::Face face = options.bbox ? face::place_face(*options.bbox, picture.width(), picture.height())
                                       : face::place_face(*options.points, picture.width(), picture.height());
  return {face::landmarks_for_crop(face), std::nullopt};
}

class PlacedTrack : public FaceTrack {
 public:
  explicit PlacedTrack(LivePortraitOptions options) : options_(std::move(options)) {}

  std::optional<FoundFace> next(const Image& frame) override {
    if (!face_) face_ = place_by_hand(options_, frame);
    return face_;
  }

 private:
  LivePortraitOptions options_;
  std::optional<FoundFace> face_;
};

class DetectingFinder : public FaceFinder {
 public:
  DetectingFinder(const LivePortraitOptions& options, const catalog::FaceModelFiles& files)
      : options_(options), files_(files) {
    if (!options_.landmarks106.empty()) files_.landmarks106 = options_.landmarks106;
    if (!options_.landmarks203.empty()) files_.landmarks203 = options_.landmarks203;
    check(!options_.bbox || !options_.points, ErrorKind::Usage,
          "--bbox and --points both place the face; give one of them");
  }

  std::vector<FoundFace> in_picture(const Image& picture, const std::string& shown) override;
  std::unique_ptr<FaceTrack> follow(FaceRole role, const std::string& shown) const override;
  bool has_points203() const override { return !files_.landmarks203.empty(); }
  std::vector<std::string> warnings() const override;
  std::string framed_by() const override;

 private:
  bool placed_by_hand() const { return options_.bbox || options_.points; }

  std::unique_ptr<face::FaceDetector> make_detector() const {
    used_ = true;
    face::FaceDetectorOptions options;
    // An empty name means the Haar cascade.
    if (options_.detector.kind == DetectorChoice::Kind::File) options.model = options_.detector.file;
    if (options_.detector.kind == DetectorChoice::Kind::Auto) options.model = files_.detector;
    // The option's default is meant for SCRFD; other detectors know their own.
    if (options_.det_thresh != LivePortraitOptions().det_thresh) options.threshold = options_.det_thresh;
    auto detector = face::make_face_detector(options);
    detector_ = options.model.empty() ? std::string(detector->kind())
                                      : fmt::format("{} ({})", detector->kind(), show(options.model.filename()));
    return detector;
  }
  std::unique_ptr<face::Landmark106> make_landmark106() const {
    return files_.landmarks106.empty() ? nullptr : face::Landmark106::load(files_.landmarks106);
  }
  std::unique_ptr<face::Landmark203> make_landmark203() const {
    return files_.landmarks203.empty() ? nullptr : face::Landmark203::load(files_.landmarks203);
  }

  LivePortraitOptions options_;
  catalog::FaceModelFiles files_;
  mutable bool used_ = false;
  mutable std::string detector_;  // what framed the faces, once one was needed
  std::vector<std::string> warnings_;
};

std::vector<FoundFace> DetectingFinder::in_picture(const Image& picture, const std::string& shown) {
  if (placed_by_hand()) return {place_by_hand(options_, picture)};
  const auto faces = make_detector()->detect(picture);
  check(!faces.empty(), ErrorKind::Input,
        "{}: no face was found; place it by hand with --bbox x,y,w,h, give a better --detector, or animate the whole "
        "picture with --crop none",
        shown);
  if (faces.size() > 1 && options_.face.kind == FaceChoice::Kind::Largest) {
    warnings_.push_back(
        fmt::format("{}: {} faces were found; the largest is animated (choose with --face)", shown, faces.size()));
  }
  const auto landmark106 = make_landmark106();
  const auto landmark203 = make_landmark203();
  std::vector<FoundFace> found;
  for (const size_t i : face::choose_faces(faces, options_.face, shown)) {
    FoundFace face{landmark106 ? landmark106->find(picture, faces[i].box) : face::landmarks_for_crop(faces[i]),
                   std::nullopt};
    if (landmark203) {
      face.points203 = landmark106 ? landmark203->find(picture, face.landmarks)
                                   : landmark203->find_from_rough(picture, face.landmarks);
    }
    // As the original: the 106 points frame a picture, where there are any.
    if (!landmark106 && face.points203) face.landmarks = *face.points203;
    found.push_back(std::move(face));
  }
  return found;
}

std::unique_ptr<FaceTrack> DetectingFinder::follow(FaceRole role, const std::string& shown) const {
  if (role == FaceRole::Source && placed_by_hand()) return std::make_unique<PlacedTrack>(options_);
  face::FaceTrackerOptions options;
  if (role == FaceRole::Source) options.choice = options_.face;
  options.shown_name = shown;
  options.redetect = !options_.like_the_original();
  return std::make_unique<DetectedTrack>(
      face::FaceTracker(make_detector(), make_landmark106(), make_landmark203(), std::move(options)));
}

std::string DetectingFinder::framed_by() const {
  if (!used_) return placed_by_hand() ? "by hand" : "";
  std::string text = detector_;
  for (const auto& file : {files_.landmarks106, files_.landmarks203}) {
    if (!file.empty()) text += ", " + show(file.filename());
  }
  return text;
}

std::vector<std::string> DetectingFinder::warnings() const {
  auto all = warnings_;
  if (used_ && files_.landmarks106.empty() && files_.landmarks203.empty()) {
    all.emplace_back(
        "faces were cropped by the detector's box, less exactly than by landmarks; put landmark.onnx into the model's "
        "folder (`animate models fetch liveportrait`)");
  }
  return all;
}

}  // namespace

std::unique_ptr<FaceFinder> make_face_finder(const LivePortraitOptions& options, const catalog::FaceModelFiles& files) {
  return std::make_unique<DetectingFinder>(options, files);
}

}  // namespace animate::engine
