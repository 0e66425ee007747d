#include "face/driving_crop.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace animate {

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

std::vector<FaceCorners> follow_boxes(std::span<const FaceCorners> boxes, double fps, double seconds) {
  struct Square {
    double x, y, log_side;
  };
  std::vector<Square> squares;
  squares.reserve(boxes.size());
  for (const FaceCorners& box : boxes) {
    const double side = std::max(1.0, box.right - box.left);
    squares.push_back({(box.left + box.right) / 2, (box.top + box.bottom) / 2, std::log(side)});
  }
  const double sigma = std::max(1e-3, seconds * fps);
  const auto reach = static_cast<ptrdiff_t>(std::ceil(3 * sigma));
  const auto count = static_cast<ptrdiff_t>(squares.size());
  std::vector<FaceCorners> smooth;
  smooth.reserve(boxes.size());
  for (ptrdiff_t i = 0; i < count; ++i) {
    Square sum{0, 0, 0};
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
    const double half = std::exp(sum.log_side / weights) / 2;
    const double x = sum.x / weights;
    const double y = sum.y / weights;
    smooth.push_back({x - half, y - half, x + half, y + half});
  }
  return smooth;
}

CropTransform crop_by_box(const FaceCorners& box, int size, double angle) {
  FaceRectangle rectangle;
  rectangle.centre = {static_cast<float>((box.left + box.right) / 2), static_cast<float>((box.top + box.bottom) / 2)};
  rectangle.size = static_cast<float>(box.right - box.left);
  rectangle.angle = angle;
  return crop_transform(rectangle, size, angle != 0);
}

}  // namespace animate
