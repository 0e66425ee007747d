#include "face/driving_crop.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "face/portrait_crop.h"

namespace animate::face {

FaceCorners driving_box(const Points2& landmarks, const RectangleOptions& options) {
  const auto corners = upright_corners(face_rectangle(landmarks, options));
  return {corners[0][0], corners[0][1], corners[2][0], corners[2][1]};
}

FaceCorners average_box(std::span<const FaceCorners> boxes) {
  check(!boxes.empty(), ErrorKind::Internal, "no boxes to average");
  FaceCorners sum;
  for (const FaceCorners& box : boxes) {
    sum.left += box.left;
    sum.top += box.top;
    sum.right += box.right;
    sum.bottom += box.bottom;
  }
  const auto count = static_cast<double>(boxes.size());
  return {sum.left / count, sum.top / count, sum.right / count, sum.bottom / count};
}

namespace {

// A box by its centre and the logarithm of its side, whose mean is a box between.
struct Square {
  double x = 0, y = 0, log_side = 0;
};

Square square_of(const FaceCorners& box) {
  return {(box.left + box.right) / 2, (box.top + box.bottom) / 2, std::log(std::max(1.0, box.right - box.left))};
}

FaceCorners corners_of(const Square& square) {
  const double half = std::exp(square.log_side) / 2;
  return {square.x - half, square.y - half, square.x + half, square.y + half};
}

}  // namespace

FaceCorners follow_box(const FaceCorners& last, const FaceCorners& now, double passed, double seconds) {
  const Square from = square_of(last);
  const Square to = square_of(now);
  const double share = 1 - std::exp(-std::max(0.0, passed) / seconds);
  return corners_of({from.x + share * (to.x - from.x), from.y + share * (to.y - from.y),
                     from.log_side + share * (to.log_side - from.log_side)});
}

std::vector<FaceCorners> follow_boxes(std::span<const FaceCorners> boxes, double fps, double seconds) {
  std::vector<Square> squares;
  squares.reserve(boxes.size());
  for (const FaceCorners& box : boxes) squares.push_back(square_of(box));
  const double sigma = std::max(1e-3, seconds * fps);
  const auto reach = static_cast<ptrdiff_t>(std::ceil(3 * sigma));
  const auto count = static_cast<ptrdiff_t>(squares.size());
  std::vector<FaceCorners> smooth;
  smooth.reserve(boxes.size());
  for (ptrdiff_t i = 0; i < count; ++i) {
    Square sum;
    double weights = 0;
    for (ptrdiff_t k = std::max<ptrdiff_t>(0, i - reach); k <= std::min(count - 1, i + reach); ++k) {
      const double steps = static_cast<double>(k - i) / sigma;
      const double weight = std::exp(-steps * steps / 2);
      const Square& square = squares[static_cast<size_t>(k)];
      sum.x += weight * square.x;
      sum.y += weight * square.y;
      sum.log_side += weight * square.log_side;
      weights += weight;
    }
    smooth.push_back(corners_of({sum.x / weights, sum.y / weights, sum.log_side / weights}));
  }
  return smooth;
}

pictures::CropTransform crop_by_box(const FaceCorners& box, int size, double angle) {
  FaceRectangle rectangle;
  rectangle.centre = {static_cast<float>((box.left + box.right) / 2), static_cast<float>((box.top + box.bottom) / 2)};
  rectangle.size = static_cast<float>(box.right - box.left);
  rectangle.angle = angle;
  return crop_transform(rectangle, size, angle != 0);
}

}  // namespace animate::face
