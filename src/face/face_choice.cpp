#include "face/face_choice.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.h"

namespace animate::face {
namespace {

double middle(const Face& face) { return face.box.x + face.box.width / 2; }
double area(const Face& face) { return face.box.width * face.box.height; }

double distance(const Face& face, double x, double y) {
  const double dx = std::max({face.box.x - x, 0.0, x - face.box.x - face.box.width});
  const double dy = std::max({face.box.y - y, 0.0, y - face.box.y - face.box.height});
  return std::hypot(dx, dy);
}

std::vector<size_t> from_left_to_right(std::span<const Face> faces) {
  std::vector<size_t> order(faces.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return middle(faces[a]) < middle(faces[b]); });
  return order;
}

}  // namespace

std::vector<size_t> choose_faces(std::span<const Face> faces, const FaceChoice& choice, const std::string& shown_name) {
  if (faces.empty()) return {};
  auto order = from_left_to_right(faces);
  switch (choice.kind) {
    case FaceChoice::Kind::All: return order;
    case FaceChoice::Kind::Left: return {order.front()};
    case FaceChoice::Kind::Right: return {order.back()};
    case FaceChoice::Kind::Number:
      check(static_cast<size_t>(choice.number) <= order.size(), ErrorKind::Input,
            "{}: there is no face {}, there {} {}; give --face a number up to {}", shown_name, choice.number,
            order.size() == 1 ? "is only" : "are only", order.size(), order.size());
      return {order[static_cast<size_t>(choice.number) - 1]};
    case FaceChoice::Kind::Largest:
      return {*std::max_element(order.begin(), order.end(),
                                [&](size_t a, size_t b) { return area(faces[a]) < area(faces[b]); })};
    case FaceChoice::Kind::Place: break;
  }
  return {*std::min_element(order.begin(), order.end(), [&](size_t a, size_t b) {
    const double to_a = distance(faces[a], choice.x, choice.y);
    const double to_b = distance(faces[b], choice.x, choice.y);
    return to_a != to_b ? to_a < to_b : area(faces[a]) < area(faces[b]);
  })};
}

}  // namespace animate::face
