#include "pictures/draw.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <vector>

#include "base/colormap.h"
#include "base/error.h"
#include "pictures/exact_resize.h"

namespace animate::pictures {
namespace {

// The whole numbers less than `radius` from `centre`, as [first, last), cut to [0, limit).
std::array<int, 2> reach(double centre, double radius, int limit) {
  return {static_cast<int>(std::clamp(std::ceil(centre - radius), 0.0, static_cast<double>(limit))),
          static_cast<int>(std::clamp(std::floor(centre + radius) + 1, 0.0, static_cast<double>(limit)))};
}

void fill_disc(Image& image, double x, double y, double radius, const std::array<uint8_t, 3>& colour) {
  const auto [top, bottom] = reach(y, radius, image.height());
  const auto [left, right] = reach(x, radius, image.width());
  for (int r = top; r < bottom; ++r) {
    for (int c = left; c < right; ++c) {
      const double across = (c - x) / radius;
      const double down = (r - y) / radius;
      if (down * down + across * across < 1) std::copy(colour.begin(), colour.end(), image.row(r) + c * 3L);
    }
  }
}

}  // namespace

std::array<uint8_t, 3> keypoint_colour(double u) {
  std::array<uint8_t, 3> colour{};
  const auto levels = gist_rainbow(u);
  for (size_t i = 0; i < colour.size(); ++i) colour[i] = static_cast<uint8_t>(255 * levels[i]);
  return colour;
}

void draw_keypoints(Image& image, std::span<const Point> keypoints, double radius) {
  for (size_t i = 0; i < keypoints.size(); ++i) {
    const double x = image.width() * (keypoints[i].x + 1) / 2;
    const double y = image.height() * (keypoints[i].y + 1) / 2;
    if (!std::isfinite(x) || !std::isfinite(y)) continue;
    fill_disc(image, x, y, radius, keypoint_colour(static_cast<double>(i) / static_cast<double>(keypoints.size())));
  }
}

Image side_by_side(std::span<const Image> images) {
  check(!images.empty(), ErrorKind::Internal, "no pictures to put side by side");
  int width = 0;
  for (const Image& image : images) {
    check(image.height() == images.front().height(), ErrorKind::Internal,
          "pictures {} and {} pixels high cannot stand side by side", images.front().height(), image.height());
    width += image.width();
  }
  Image row(width, images.front().height());
  for (int y = 0; y < row.height(); ++y) {
    uint8_t* to = row.row(y);
    for (const Image& image : images) {
      std::memcpy(to, image.row(y), image.stride());
      to += image.stride();
    }
  }
  return row;
}

Image concat_frames(const Image& driving, const Image& source, const Image& generated) {
  std::vector<Image> row;
  if (!driving.empty()) row.push_back(resize_linear(driving, generated.width(), generated.height()));
  row.push_back(resize_linear(source, generated.width(), generated.height()));
  row.push_back(generated);
  return side_by_side(row);
}

}  // namespace animate::pictures
