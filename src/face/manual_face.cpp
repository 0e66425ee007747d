#include "face/manual_face.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "face/crop_landmarks.h"
#include "face/face_rectangle.h"
#include "face/number_list.h"

namespace animate {
namespace {

constexpr double kSmallestSide = 8;

// What a detector network would have said of a face with these points; the sides and the place that crop_landmarks.h
// speaks of.
Box box_of_points(const Face& face) {
  const FaceRectangle frame = face_rectangle(landmarks_for_crop(face), {1, 0, 0, true});
  const double height = frame.size / 0.75;
  const double width = 0.72 * height;
  const double up = 0.135 * height;
  const double x = frame.centre[0] + up * std::sin(frame.angle);
  const double y = frame.centre[1] - up * std::cos(frame.angle);
  return {x - width / 2, y - height / 2, width, height};
}

}  // namespace

Face parse_face_box(std::string_view text, int image_width, int image_height) {
  const auto numbers = parse_numbers(text, ',');
  check(numbers && numbers->size() == 4, ErrorKind::Usage,
        "--bbox {}: is not a box; give x,y,w,h in pixels, hairline to chin, as in 100,50,120,160", show(text));
  const Box box{(*numbers)[0], (*numbers)[1], (*numbers)[2], (*numbers)[3]};
  check(box.width >= kSmallestSide && box.height >= kSmallestSide, ErrorKind::Usage,
        "--bbox {}: its sides must be {} pixels or more; give a larger width and height", text, kSmallestSide);
  const double x = box.x + box.width / 2;
  const double y = box.y + box.height / 2;
  const double most = 4.0 * std::max(image_width, image_height);
  check(x >= 0 && y >= 0 && x < image_width && y < image_height && box.width <= most && box.height <= most,
        ErrorKind::Usage, "--bbox {}: is not in the picture of {}x{} pixels; give a box inside it", text, image_width,
        image_height);
  return {box, 1, {}};
}

Face parse_face_points(std::string_view text, int image_width, int image_height) {
  Face face;
  std::string_view rest = text;
  bool sane = !text.empty();
  while (sane && !rest.empty()) {
    const size_t end = rest.find(';');
    const auto pair = parse_numbers(rest.substr(0, end), ',');
    sane = pair && pair->size() == 2;
    if (sane) face.points.push_back({static_cast<float>((*pair)[0]), static_cast<float>((*pair)[1])});
    rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  }
  check(sane && (face.points.size() == 5 || face.points.size() == 9), ErrorKind::Usage,
        "--points {}: is not the points of a face; give x,y;x,y;x,y;x,y;x,y in pixels: left eye, right eye, nose, left "
        "and "
        "right corner of the mouth (or the nine points of an animal)",
        show(text));
  for (const auto& [x, y] : face.points) {
    check(x >= 0 && y >= 0 && x < static_cast<float>(image_width) && y < static_cast<float>(image_height),
          ErrorKind::Usage, "--points {}: {},{} is not in the picture of {}x{} pixels; give points inside it", text, x,
          y, image_width, image_height);
  }
  const auto [top, bottom] = upright_points(face.points);
  check(std::hypot(bottom[0] - top[0], bottom[1] - top[1]) >= 2, ErrorKind::Usage,
        "--points {}: eyes and mouth lie in one place; give points of the face that are apart", text);
  face.box = face.points.size() == 9 ? box_round(face.points) : box_of_points(face);
  return face;
}

}  // namespace animate
