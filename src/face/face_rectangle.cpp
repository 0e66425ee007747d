#include "face/face_rectangle.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include "base/error.h"

namespace animate::face {
namespace {

template <typename Real>
using Pair = std::array<Real, 2>;

struct Features {
  std::vector<int> left_eye;
  std::vector<int> right_eye;
  std::vector<int> mouth;
};

Features features_of(size_t count) {
  switch (count) {
    case 5: return {{0}, {1}, {3, 4}};
    case 9: return {{2, 3}, {0, 1}, {5, 6}};
    case 68: return {{36, 39}, {42, 45}, {48, 54}};
    case 106: return {{33, 35, 40, 39}, {87, 89, 94, 93}, {52, 61}};
    case 203: return {{0, 6, 12, 18}, {24, 30, 36, 42}, {48, 66}};
    default:
      check(count >= 101, ErrorKind::Internal, "a face cannot be placed by {} landmarks", count);
      return {{39, 42, 45, 48}, {51, 54, 57, 60}, {75, 81}};
  }
}

template <typename Real>
Pair<Real> mean(std::span<const Pair<Real>> points) {
  Pair<Real> sum{};
  for (const auto& point : points) {
    sum[0] += point[0];
    sum[1] += point[1];
  }
  const auto count = static_cast<Real>(points.size());
  return {sum[0] / count, sum[1] / count};
}

template <typename Real>
Pair<Real> mean_of(std::span<const Pair<Real>> points, const std::vector<int>& chosen) {
  std::vector<Pair<Real>> picked;
  picked.reserve(chosen.size());
  for (const int i : chosen) picked.push_back(points[static_cast<size_t>(i)]);
  return mean<Real>(picked);
}

template <typename Real>
std::array<Pair<Real>, 2> upright_pair(std::span<const Pair<Real>> points, bool use_lip) {
  const Features features = features_of(points.size());
  const Pair<Real> left = mean_of(points, features.left_eye);
  const Pair<Real> right = mean_of(points, features.right_eye);
  if (!use_lip) {
    const Pair<Real> along{right[0] - left[0], right[1] - left[1]};
    return {left, Pair<Real>{left[0] - along[1], left[1] + along[0]}};
  }
  return {mean<Real>(std::array{left, right}), mean_of(points, features.mouth)};
}

template <typename Real>
FaceRectangle rectangle_of(std::span<const Pair<Real>> points, const RectangleOptions& options) {
  const auto [top, bottom] = upright_pair(points, options.use_lip);
  Pair<Real> down{bottom[0] - top[0], bottom[1] - top[1]};
  const Real length = std::sqrt(down[0] * down[0] + down[1] * down[1]);
  constexpr double no_direction = 1e-3;
  down =
      static_cast<double>(length) <= no_direction ? Pair<Real>{0, 1} : Pair<Real>{down[0] / length, down[1] / length};
  const Pair<Real> across{down[1], -down[0]};
  double angle = std::acos(std::clamp(static_cast<double>(across[0]), -1.0, 1.0));
  if (across[1] < 0) angle = -angle;

  const Pair<Real> middle = mean(points);
  Pair<Real> low{};
  Pair<Real> high{};
  for (size_t i = 0; i < points.size(); ++i) {
    const Real dx = points[i][0] - middle[0];
    const Real dy = points[i][1] - middle[1];
    const Pair<Real> turned{dx * across[0] + dy * across[1], dx * down[0] + dy * down[1]};
    for (size_t axis = 0; axis < 2; ++axis) {
      low[axis] = i == 0 ? turned[axis] : std::min(low[axis], turned[axis]);
      high[axis] = i == 0 ? turned[axis] : std::max(high[axis], turned[axis]);
    }
  }
  const Real size = std::max(high[0] - low[0], high[1] - low[1]) * static_cast<Real>(options.scale);
  const Pair<Real> centred{(low[0] + high[0]) / 2, (low[1] + high[1]) / 2};
  const Real shift_x = static_cast<Real>(options.vx_ratio) * size;
  const Real shift_y = static_cast<Real>(options.vy_ratio) * size;
  FaceRectangle rectangle;
  for (size_t axis = 0; axis < 2; ++axis) {
    const Real placed = middle[axis] + across[axis] * centred[0] + down[axis] * centred[1];
    rectangle.centre[axis] = static_cast<float>(placed + across[axis] * shift_x + down[axis] * shift_y);
  }
  rectangle.size = static_cast<float>(size);
  rectangle.angle = angle;
  return rectangle;
}

}  // namespace

std::array<Point2, 2> upright_points(const Points2& landmarks, bool use_lip) {
  return upright_pair<float>(landmarks, use_lip);
}

FaceRectangle face_rectangle(const Points2& landmarks, const RectangleOptions& options) {
  const bool finite = std::all_of(landmarks.begin(), landmarks.end(),
                                  [](const Point2& p) { return std::isfinite(p[0]) && std::isfinite(p[1]); });
  check(finite, ErrorKind::Model, "the landmarks of a face are not finite; use other landmark weights");
  if (landmarks.size() != 9) return rectangle_of<float>(landmarks, options);
  std::vector<Pair<double>> exact;
  for (const Point2& point : landmarks) exact.push_back({point[0], point[1]});
  return rectangle_of<double>(exact, options);
}

std::array<Point2, 4> upright_corners(const FaceRectangle& rectangle) {
  const auto [x, y] = rectangle.centre;
  const float half = rectangle.size / 2;
  return {Point2{x - half, y - half}, {x + half, y - half}, {x + half, y + half}, {x - half, y + half}};
}

std::array<Point2, 4> turned_corners(const FaceRectangle& rectangle) {
  const double cosine = std::cos(rectangle.angle);
  const double sine = std::sin(rectangle.angle);
  std::array<Point2, 4> corners = upright_corners(rectangle);
  for (Point2& corner : corners) {
    const double dx = corner[0] - rectangle.centre[0];
    const double dy = corner[1] - rectangle.centre[1];
    corner = {static_cast<float>(dx * cosine - dy * sine + rectangle.centre[0]),
              static_cast<float>(dx * sine + dy * cosine + rectangle.centre[1])};
  }
  return corners;
}

}  // namespace animate::face
