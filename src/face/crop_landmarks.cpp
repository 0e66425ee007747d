#include "face/crop_landmarks.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "face/face_rectangle.h"

namespace animate::face {
namespace {

using Vector = std::array<double, 2>;

// By the distance from the eyes to the mouth, and by that between the eyes: the larger counts, since a bowed head
// shortens the one and a turned head the other.
constexpr double kExtentByHeight = 2.05;
constexpr double kExtentByWidth = 2.25;
constexpr double kCentreBelowEyes = 0.62 / kExtentByHeight;  // in extents

constexpr double kExtentOfBox = 0.82;     // of a cascade's square
constexpr double kSquareOfTallBox = 0.9;  // the square a cascade would give, by the height of a network's box
constexpr double kCentreOfBox = 0.64;     // from its top, by its height

// Nine points that have the wanted extent, centre and direction: eyes, mouth and two opposite corners.
Points2 nine_points(const Vector& centre, const Vector& down, double extent) {
  const Vector across{down[1], -down[0]};
  const auto at = [&](double x, double y) {
    return Point2{static_cast<float>(centre[0] + extent * (across[0] * x + down[0] * y)),
                  static_cast<float>(centre[1] + extent * (across[1] * x + down[1] * y))};
  };
  const Point2 left_eye = at(-0.22, -kCentreBelowEyes);
  const Point2 right_eye = at(0.22, -kCentreBelowEyes);
  const double mouth = 1 / kExtentByHeight - kCentreBelowEyes;
  return {right_eye, right_eye, left_eye, left_eye, at(0, 0), at(0, mouth), at(0, mouth), at(-0.5, -0.5), at(0.5, 0.5)};
}

Points2 from_points(const Face& face) {
  const Points2& p = face.points;
  const auto [top, bottom] = upright_points(p);
  Vector down{bottom[0] - top[0], bottom[1] - top[1]};
  const double height = std::hypot(down[0], down[1]);
  const double width = std::hypot(p[1][0] - p[0][0], p[1][1] - p[0][1]);
  const double extent = std::max(kExtentByHeight * height, kExtentByWidth * width);
  check(extent > 0 && std::isfinite(extent), ErrorKind::Input,
        "the points of the face all lie in one place; give eyes and mouth apart from each other");
  down = height > 1e-3 ? Vector{down[0] / height, down[1] / height} : Vector{0, 1};
  Vector centre{top[0] + down[0] * kCentreBelowEyes * extent, top[1] + down[1] * kCentreBelowEyes * extent};
  if (face.box.width > 0 && face.box.height > 0) {
    const Vector across{down[1], -down[0]};
    const double sideways = (face.box.x + face.box.width / 2 - centre[0]) * across[0] +
                            (face.box.y + face.box.height / 2 - centre[1]) * across[1];
    centre[0] += across[0] * sideways;
    centre[1] += across[1] * sideways;
  }
  return nine_points(centre, down, extent);
}

}  // namespace

Points2 landmarks_for_crop(const Face& face) {
  if (face.points.size() == 5) return from_points(face);
  if (!face.points.empty()) return face.points;
  const pictures::Box& box = face.box;
  check(box.width > 0 && box.height > 0, ErrorKind::Input, "the box of the face has no size; give a larger one");
  const double extent = kExtentOfBox * std::max(box.width, kSquareOfTallBox * box.height);
  return nine_points({box.x + box.width / 2, box.y + kCentreOfBox * box.height}, {0, 1}, extent);
}

pictures::Box box_round(const Points2& points) {
  check(!points.empty(), ErrorKind::Internal, "no points to put a box round");
  float left = points[0][0];
  float top = points[0][1];
  float right = left;
  float bottom = top;
  for (const auto& [x, y] : points) {
    left = std::min(left, x);
    top = std::min(top, y);
    right = std::max(right, x);
    bottom = std::max(bottom, y);
  }
  return {left, top, static_cast<double>(right) - left, static_cast<double>(bottom) - top};
}

}  // namespace animate::face
