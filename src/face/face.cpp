#include "face/face.h"

#include <algorithm>
#include <cmath>

namespace animate::face {
namespace {

double area(const pictures::Box& box, double extra = 0) { return (box.width + extra) * (box.height + extra); }

double shared_area(const pictures::Box& a, const pictures::Box& b, double extra) {
  const double width = std::min(a.x + a.width, b.x + b.width) - std::max(a.x, b.x) + extra;
  const double height = std::min(a.y + a.height, b.y + b.height) - std::max(a.y, b.y) + extra;
  return std::max(0.0, width) * std::max(0.0, height);
}

double overlap(const pictures::Box& a, const pictures::Box& b, double extra) {
  const double shared = shared_area(a, b, extra);
  const double together = area(a, extra) + area(b, extra) - shared;
  return together > 0 ? shared / together : 0;
}

double sort_key(const Face& face, FaceOrder order) {
  switch (order) {
    case FaceOrder::LargeSmall: return -area(face.box);
    case FaceOrder::SmallLarge: return area(face.box);
    case FaceOrder::LeftRight: return face.box.x;
    case FaceOrder::RightLeft: return -face.box.x;
    case FaceOrder::TopBottom: return face.box.y;
    case FaceOrder::BottomTop: return -face.box.y;
  }
  return 0;
}

template <typename Key>
void sort_by(std::vector<Face>& faces, Key&& key) {
  std::stable_sort(faces.begin(), faces.end(), [&](const Face& a, const Face& b) { return key(a) < key(b); });
}

}  // namespace

void order_faces(std::vector<Face>& faces, FaceOrder order) {
  sort_by(faces, [&](const Face& face) { return sort_key(face, order); });
}

std::vector<Face> suppress_overlaps(std::vector<Face> faces, double limit, double extra) {
  sort_by(faces, [](const Face& face) { return -face.score; });
  std::vector<Face> kept;
  for (Face& face : faces) {
    const bool hidden = std::any_of(kept.begin(), kept.end(),
                                    [&](const Face& better) { return overlap(better.box, face.box, extra) > limit; });
    if (!hidden) kept.push_back(std::move(face));
  }
  return kept;
}

void keep_central(std::vector<Face>& faces, int most, int image_width, int image_height) {
  if (most <= 0 || faces.size() <= static_cast<size_t>(most)) return;
  sort_by(faces, [&](const Face& face) {
    // The middle in whole pixels.
    // NOLINTBEGIN(bugprone-integer-division)
    const double x = face.box.x + face.box.width / 2 - image_width / 2;
    const double y = face.box.y + face.box.height / 2 - image_height / 2;
    // NOLINTEND(bugprone-integer-division)
    return 2 * (x * x + y * y) - area(face.box);
  });
  faces.resize(static_cast<size_t>(most));
}

double overlap_of(const pictures::Box& a, const pictures::Box& b) { return overlap(a, b, 0); }

}  // namespace animate::face
