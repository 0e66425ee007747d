#include "pictures/crop_transform.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

#include "pictures/opencv.h"

namespace animate::pictures {
namespace {

using Corner = std::array<double, 2>;

// The part of a polygon where sign * (coordinate - limit) >= 0 (Sutherland and Hodgman's step for one edge).
std::vector<Corner> cut(const std::vector<Corner>& polygon, size_t axis, double limit, double sign) {
  std::vector<Corner> kept;
  for (size_t i = 0; i < polygon.size(); ++i) {
    const Corner& from = polygon[i];
    const Corner& to = polygon[(i + 1) % polygon.size()];
    const double inside_from = sign * (from[axis] - limit);
    const double inside_to = sign * (to[axis] - limit);
    if (inside_from >= 0) kept.push_back(from);
    if ((inside_from >= 0) != (inside_to >= 0)) {
      const double t = inside_from / (inside_from - inside_to);
      kept.push_back({from[0] + t * (to[0] - from[0]), from[1] + t * (to[1] - from[1])});
    }
  }
  return kept;
}

double area(const std::vector<Corner>& polygon) {
  double twice = 0;
  for (size_t i = 0; i < polygon.size(); ++i) {
    const Corner& a = polygon[i];
    const Corner& b = polygon[(i + 1) % polygon.size()];
    twice += a[0] * b[1] - a[1] * b[0];
  }
  return std::abs(twice) / 2;
}

}  // namespace

Image warp_crop(const Image& image, const CropTransform& transform) {
  // OpenCV keeps coordinates in 16 bits.
  constexpr int longest = 32766;
  check(image.width() <= longest && image.height() <= longest, ErrorKind::Input,
        "the picture of {}x{} pixels is too large to cut a face out of; bring it below {} with --max-dim",
        image.width(), image.height(), longest);
  Image crop(transform.size, transform.size);
  guard_opencv("cutting out a face", [&] {
    const auto& m = transform.crop_from_image;
    const cv::Matx23f forward(m[0], m[1], m[2], m[3], m[4], m[5]);
    cv::Mat target = view(crop);
    cv::warpAffine(view(image), target, forward, target.size(), cv::INTER_LINEAR, cv::BORDER_CONSTANT);
  });
  return crop;
}

Points2 transform_points(const Points2& points, const std::array<float, 9>& m) {
  Points2 moved;
  moved.reserve(points.size());
  for (const auto& [x, y] : points) moved.push_back({x * m[0] + y * m[1] + m[2], x * m[3] + y * m[4] + m[5]});
  return moved;
}

std::array<float, 9> inverse(const std::array<float, 9>& matrix) {
  std::array<float, 9> left = matrix;
  std::array<float, 9> right{1, 0, 0, 0, 1, 0, 0, 0, 1};
  for (size_t column = 0; column < 3; ++column) {
    size_t pivot = column;
    for (size_t row = column + 1; row < 3; ++row) {
      if (std::abs(left[row * 3 + column]) > std::abs(left[pivot * 3 + column])) pivot = row;
    }
    const float lead = left[pivot * 3 + column];
    check(lead != 0 && std::isfinite(lead), ErrorKind::Input,
          "the crop of a face cannot be put back; give a larger box or other points");
    for (size_t k = 0; k < 3; ++k) {
      std::swap(left[pivot * 3 + k], left[column * 3 + k]);
      std::swap(right[pivot * 3 + k], right[column * 3 + k]);
    }
    for (size_t row = column + 1; row < 3; ++row) {
      const float factor = left[row * 3 + column] / lead;
      for (size_t k = 0; k < 3; ++k) {
        left[row * 3 + k] -= factor * left[column * 3 + k];
        right[row * 3 + k] -= factor * right[column * 3 + k];
      }
    }
  }
  for (size_t column = 0; column < 3; ++column) {
    for (size_t row = 3; row-- > 0;) {
      float value = right[row * 3 + column];
      for (size_t k = row + 1; k < 3; ++k) value -= left[row * 3 + k] * right[k * 3 + column];
      right[row * 3 + column] = value / left[row * 3 + row];
    }
  }
  return right;
}

double share_outside(const CropTransform& transform, int width, int height) {
  const auto side = static_cast<float>(transform.size);
  std::vector<Corner> polygon;
  for (const auto& [x, y] : transform_points({{0, 0}, {side, 0}, {side, side}, {0, side}}, transform.image_from_crop)) {
    polygon.push_back({x, y});
  }
  const double whole = area(polygon);
  if (whole <= 0) return 1;
  polygon = cut(polygon, 0, 0, 1);
  polygon = cut(polygon, 0, width, -1);
  polygon = cut(polygon, 1, 0, 1);
  polygon = cut(polygon, 1, height, -1);
  return std::clamp(1 - area(polygon) / whole, 0.0, 1.0);
}

}  // namespace animate::pictures
