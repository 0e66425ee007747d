#include "face/manual_face.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "face/crop_landmarks.h"
#include "face/face_rectangle.h"

namespace animate::face {
namespace {

// What a detector network would have said of a face with these points; the sides and the place that crop_landmarks.h
// speaks of.
pictures::Box box_of_points(const Face& face) {
  const FaceRectangle frame = face_rectangle(landmarks_for_crop(face), {1, 0, 0, true});
  const double height = frame.size / 0.75;
  const double width = 0.72 * height;
  const double up = 0.135 * height;
  const double x = frame.centre[0] + up * std::sin(frame.angle);
  const double y = frame.centre[1] - up * std::cos(frame.angle);
  return {x - width / 2, y - height / 2, width, height};
}

}  // namespace

Face place_face(const FaceBox& given, int image_width, int image_height) {
  const double x = given.x + given.width / 2;
  const double y = given.y + given.height / 2;
  const double most = 4.0 * std::max(image_width, image_height);
  check(x >= 0 && y >= 0 && x < image_width && y < image_height && given.width <= most && given.height <= most,
        ErrorKind::Usage, "--bbox {}: is not in the picture of {}x{} pixels; give a box inside it", given.text(),
        image_width, image_height);
  return {{given.x, given.y, given.width, given.height}, 1, {}};
}

Face place_face(const FacePoints& given, int image_width, int image_height) {
  Face face;
  for (const Point& point : given.points) {
    face.points.push_back({static_cast<float>(point.x), static_cast<float>(point.y)});
  }
  for (const auto& [x, y] : face.points) {
    check(x >= 0 && y >= 0 && x < static_cast<float>(image_width) && y < static_cast<float>(image_height),
          ErrorKind::Usage, "--points {}: {},{} is not in the picture of {}x{} pixels; give points inside it",
          given.text(), x, y, image_width, image_height);
  }
  const auto [top, bottom] = upright_points(face.points);
  check(std::hypot(bottom[0] - top[0], bottom[1] - top[1]) >= 2, ErrorKind::Usage,
        "--points {}: eyes and mouth lie in one place; give points of the face that are apart", given.text());
  face.box = face.points.size() == 9 ? box_round(face.points) : box_of_points(face);
  return face;
}

}  // namespace animate::face
