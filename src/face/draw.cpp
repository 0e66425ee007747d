#include "face/draw.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "base/error.h"

namespace animate {
namespace {

constexpr std::array kStops{0.0, 0.03, 0.215, 0.4, 0.586, 0.77, 0.954, 1.0};
constexpr std::array kRed{1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 1.0, 1.0};
constexpr std::array kGreen{0.0, 0.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0};
constexpr std::array kBlue{0.16, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0, 0.75};

double interpolate(double u, const std::array<double, 8>& values) {
  const auto right = std::upper_bound(kStops.begin() + 1, kStops.end() - 1, u);
  const auto i = static_cast<size_t>(right - kStops.begin());
  const double t = (u - kStops[i - 1]) / (kStops[i] - kStops[i - 1]);
  return values[i - 1] + t * (values[i] - values[i - 1]);
}

}  // namespace

std::array<uint8_t, 3> gist_rainbow(double u) {
  const double entry = std::clamp(std::trunc(256 * u), 0.0, 255.0) / 255;
  const auto level = [entry](const std::array<double, 8>& values) {
    return static_cast<uint8_t>(255 * std::clamp(interpolate(entry, values), 0.0, 1.0));
  };
  return {level(kRed), level(kGreen), level(kBlue)};
}

void draw_keypoints(Image& image, std::span<const Point> keypoints, double radius) {
  for (size_t i = 0; i < keypoints.size(); ++i) {
    const double cx = image.width() * (keypoints[i].x + 1) / 2;
    const double cy = image.height() * (keypoints[i].y + 1) / 2;
    if (!std::isfinite(cx) || !std::isfinite(cy)) continue;
    const auto colour = gist_rainbow(static_cast<double>(i) / static_cast<double>(keypoints.size()));
    const auto first = [](double centre, double r) { return static_cast<int>(std::clamp(std::floor(centre - r), 0.0, 1e9)); };
    const auto last = [](double centre, double r, int n) {
      return static_cast<int>(std::clamp(std::ceil(centre + r), -1.0, n - 1.0));
    };
    for (int y = first(cy, radius); y <= last(cy, radius, image.height()); ++y) {
      for (int x = first(cx, radius); x <= last(cx, radius, image.width()); ++x) {
        if (std::pow((y - cy) / radius, 2) + std::pow((x - cx) / radius, 2) < 1) {
          std::copy(colour.begin(), colour.end(), image.row(y) + 3 * static_cast<size_t>(x));
        }
      }
    }
  }
}

Image side_by_side(std::span<const Image> images) {
  int width = 0;
  for (const Image& image : images) {
    check(image.height() == images.front().height(), ErrorKind::Internal, "panels of different heights");
    width += image.width();
  }
  Image joined(width, images.front().height());
  for (int y = 0; y < joined.height(); ++y) {
    uint8_t* out = joined.row(y);
    for (const Image& image : images) {
      std::memcpy(out, image.row(y), image.stride());
      out += image.stride();
    }
  }
  return joined;
}

}  // namespace animate
