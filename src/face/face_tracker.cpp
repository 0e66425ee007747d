#include "face/face_tracker.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "face/crop_landmarks.h"

namespace animate::face {
namespace {

constexpr double kSameFace = 0.2;     // overlap of a face with itself one frame later, at least
constexpr double kSeenAgain = 0.3;    // overlap of the detector's box with that round the landmarks
constexpr double kLargestJump = 0.5;  // of the landmarks' centre, in sides of their box
constexpr double kLargestGrowth = 1.5;
constexpr int kMostMisses = 3;

double side(const pictures::Box& box) { return std::max(box.width, box.height); }

double distance(const pictures::Box& a, const pictures::Box& b) {
  return std::hypot(a.x + a.width / 2 - b.x - b.width / 2, a.y + a.height / 2 - b.y - b.height / 2);
}

// Whether landmarks of one frame may be those of the face one frame before.
bool believable(const Points2& points, const Points2& before, const Image& frame) {
  const pictures::Box now = box_round(points);
  const pictures::Box then = box_round(before);
  if (!(side(now) >= 8) || side(now) > kLargestGrowth * side(then) || side(then) > kLargestGrowth * side(now)) {
    return false;
  }
  const auto inside = std::count_if(points.begin(), points.end(), [&](const Point2& p) {
    return p[0] >= 0 && p[1] >= 0 && p[0] < static_cast<float>(frame.width()) &&
           p[1] < static_cast<float>(frame.height());
  });
  return distance(now, then) <= kLargestJump * side(then) && 2 * static_cast<size_t>(inside) >= points.size();
}

}  // namespace

FaceTracker::FaceTracker(std::unique_ptr<FaceDetector> detector, std::unique_ptr<Landmark106> landmark106,
                         std::unique_ptr<Landmark203> landmark203, FaceTrackerOptions options)
    : detector_(std::move(detector)),
      landmark106_(std::move(landmark106)),
      landmark203_(std::move(landmark203)),
      options_(std::move(options)),
      scene_cut_(options_.scene_cut) {
  check(detector_ != nullptr, ErrorKind::Internal, "a face tracker needs a detector");
}

std::optional<TrackedFace> FaceTracker::next(const Image& frame) {
  const bool cut = options_.redetect && scene_cut_.next(frame);
  if (cut) {
    // Another scene: where the face was says nothing any more.
    last_.reset();
    points_.reset();
  }
  std::optional<TrackedFace> tracked;
  if (landmark203_ && points_) tracked = follow_points(frame);
  if (!tracked) tracked = detect(frame);
  lost_ = !tracked;
  if (lost_) {
    points_.reset();
    return std::nullopt;
  }
  last_ = tracked->face;
  started_ = true;
  return tracked;
}

std::optional<TrackedFace> FaceTracker::follow_points(const Image& frame) {
  Points2 points = landmark203_->find(frame, *points_);
  if (options_.redetect && (!believable(points, *points_, frame) || !still_there(frame, points))) return std::nullopt;
  TrackedFace tracked{{box_round(points), last_->score, {}}, points, true, false};
  points_ = std::move(points);
  return tracked;
}

bool FaceTracker::still_there(const Image& frame, const Points2& points) {
  if (options_.check_every <= 0 || ++since_check_ < options_.check_every) return true;
  const auto faces = detector_->detect(frame);
  if (faces.empty()) return ++misses_ < kMostMisses;  // and asks again in the next frame
  misses_ = 0;
  since_check_ = 0;
  const pictures::Box box = box_round(points);
  return std::any_of(faces.begin(), faces.end(), [&](const Face& face) {
    return overlap_of(box_round(landmarks_for_crop(face)), box) >= kSeenAgain;
  });
}

std::optional<TrackedFace> FaceTracker::detect(const Image& frame) {
  const bool first = !last_;
  const bool was_lost = lost_;
  const auto faces = detector_->detect(frame);
  auto chosen = pick(faces);
  if (!chosen) return std::nullopt;
  since_check_ = 0;
  misses_ = 0;
  const bool continues = !first && !was_lost && overlap_of(last_->box, chosen->box) >= kSameFace;
  TrackedFace tracked;
  tracked.redetected = landmark203_ != nullptr || !continues;
  if (options_.smooth && continues && !landmark203_) quieten(*chosen);
  tracked.face = *chosen;
  tracked.landmarks = landmark106_ ? landmark106_->find(frame, chosen->box) : landmarks_for_crop(*chosen);
  if (landmark203_) {
    tracked.landmarks = landmark106_ ? landmark203_->find(frame, tracked.landmarks)
                                     : landmark203_->find_from_rough(frame, tracked.landmarks);
    tracked.has_ratio_points = true;
    points_ = tracked.landmarks;
  }
  return tracked;
}

std::optional<Face> FaceTracker::pick(const std::vector<Face>& faces) {
  if (faces.empty()) return std::nullopt;
  if (!last_) {
    FaceChoice choice = options_.choice;
    // After a cut there may be fewer faces than at the start; that is no reason to stop.
    const bool too_few = static_cast<size_t>(std::max(0, choice.number)) > faces.size();
    if (choice.kind == FaceChoice::Kind::All || (started_ && too_few)) choice = FaceChoice();
    return faces[choose_faces(faces, choice, options_.shown_name).front()];
  }
  const auto best = std::max_element(faces.begin(), faces.end(), [&](const Face& a, const Face& b) {
    return overlap_of(a.box, last_->box) < overlap_of(b.box, last_->box);
  });
  if (overlap_of(best->box, last_->box) > 0) return *best;
  return *std::min_element(faces.begin(), faces.end(), [&](const Face& a, const Face& b) {
    return distance(a.box, last_->box) < distance(b.box, last_->box);
  });
}

void FaceTracker::quieten(Face& face) const {
  const Face& old = *last_;
  const double moved = distance(face.box, old.box) / side(old.box);
  const double grown = std::abs(std::log(side(face.box) / side(old.box)));
  const double share = std::clamp(0.3 + 7 * std::max(moved, grown), 0.3, 1.0);
  const auto blend = [&](double from, double to) { return from + share * (to - from); };
  face.box = {blend(old.box.x, face.box.x), blend(old.box.y, face.box.y), blend(old.box.width, face.box.width),
              blend(old.box.height, face.box.height)};
  for (size_t i = 0; i < face.points.size() && i < old.points.size(); ++i) {
    for (size_t axis = 0; axis < 2; ++axis) {
      face.points[i][axis] = static_cast<float>(blend(old.points[i][axis], face.points[i][axis]));
    }
  }
}

}  // namespace animate::face
