#include "evaluate/landmark_output.h"

#include <algorithm>

#include "base/error.h"

namespace animate::evaluate {
namespace {

std::string shown(const std::vector<int64_t>& shape) { return fmt::format("{}", fmt::join(shape, "x")); }

// How many points these coordinates are of; 0: they are none.
int64_t points_in(const std::vector<int64_t>& shape) {
  const bool batch = shape.size() == 3 && shape[0] == 1 && shape[2] == 2;
  if (batch) return shape[1];
  if (shape.size() != 2) return 0;
  if (shape[1] == 2) return shape[0];
  return shape[0] == 1 && shape[1] % 2 == 0 ? shape[1] / 2 : 0;
}

}  // namespace

Landmarks LandmarkOutput::read(const FloatArray& output, int64_t width, int64_t height) {
  if (output.shape.size() == 4 && output.shape[0] == 1) return read_heatmaps(output, width, height);
  const int64_t count = points_in(output.shape);
  check(count > 0 && output.values.size() == static_cast<size_t>(2 * count), ErrorKind::Model,
        "{}: gives an output of shape {}, which is no keypoints; give a network with coordinates 1xNx2, Nx2 or 1x2N, "
        "or heatmaps 1xNxhxw",
        network_, shown(output.shape));
  if (scale_ == KeypointScale::Auto) {
    const bool pixels = *std::max_element(output.values.begin(), output.values.end()) > 2;
    scale_ = pixels ? KeypointScale::Pixels : KeypointScale::Unit;
  }
  const bool pixels = scale_ == KeypointScale::Pixels;
  const double across = static_cast<double>(width) / (pixels ? static_cast<double>(input_width_) : 1);
  const double down = static_cast<double>(height) / (pixels ? static_cast<double>(input_height_) : 1);
  Landmarks points(static_cast<size_t>(count));
  for (size_t i = 0; i < points.size(); ++i) {
    const double x = output.values[2 * i], y = output.values[2 * i + 1];
    if (x != -1 || y != -1) points[i] = {x * across, y * down};
  }
  return points;
}

Landmarks LandmarkOutput::read_heatmaps(const FloatArray& output, int64_t width, int64_t height) const {
  const int64_t h = output.shape[2], w = output.shape[3];
  check(h > 0 && w > 0 && output.shape[1] > 0, ErrorKind::Model, "{}: gives empty heatmaps; give another export",
        network_);
  Landmarks points(static_cast<size_t>(output.shape[1]));
  for (size_t i = 0; i < points.size(); ++i) {
    const auto begin = output.values.begin() + static_cast<int64_t>(i) * h * w;
    const auto peak = std::max_element(begin, begin + h * w);
    if (*peak < missing_below_) continue;
    const int64_t place = peak - begin;
    points[i] = {(static_cast<double>(place % w) + 0.5) * static_cast<double>(width) / static_cast<double>(w),
                 (static_cast<double>(place / w) + 0.5) * static_cast<double>(height) / static_cast<double>(h)};
  }
  return points;
}

}  // namespace animate::evaluate
