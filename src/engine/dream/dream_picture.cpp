#include "engine/dream/dream_picture.h"

#include <algorithm>
#include <cmath>
#include <cstring>

#include "core/triangle_resize.h"

namespace animate::engine {
namespace {

int multiple_near(double value, int64_t multiple) {
  return static_cast<int>(std::max<int64_t>(1, std::llround(value / static_cast<double>(multiple))) * multiple);
}

// Copies what both pictures cover, each from its own corner.
void copy_box(const Image& from, int from_x, int from_y, Image& to, int to_x, int to_y, int width, int height) {
  for (int y = 0; y < height; ++y) {
    std::memcpy(to.row(to_y + y) + 3 * to_x, from.row(from_y + y) + 3 * from_x, static_cast<size_t>(width) * 3);
  }
}

// The photo's shape scaled by the factor that covers the frame, or that lies in it.
Image scaled(const Image& photo, const PictureSize& size, bool covers) {
  const double across = static_cast<double>(size.width) / photo.width();
  const double down = static_cast<double>(size.height) / photo.height();
  const double factor = covers ? std::max(across, down) : std::min(across, down);
  const auto side = [&](int own, int wanted) {
    const int near = static_cast<int>(std::lround(own * factor));
    return covers ? std::max(near, wanted) : std::clamp(near, 1, wanted);
  };
  return core::resize_triangle(photo, side(photo.width(), size.width), side(photo.height(), size.height));
}

}  // namespace

PictureSize size_like(const Image& photo, int64_t pixels, int64_t multiple) {
  const double shape = static_cast<double>(photo.width()) / photo.height();
  const double height = std::sqrt(static_cast<double>(pixels) / shape);
  return {multiple_near(height * shape, multiple), multiple_near(height, multiple)};
}

Image fit_picture(const Image& photo, const PictureSize& size, PictureFit fit) {
  if (fit == PictureFit::Squeeze) return core::resize_triangle(photo, size.width, size.height);
  const Image near = scaled(photo, size, fit == PictureFit::Crop);
  Image frame(size.width, size.height);
  std::memset(frame.data(), 0, frame.size_bytes());
  const int width = std::min(near.width(), size.width);
  const int height = std::min(near.height(), size.height);
  const auto middle = [](int all, int part) { return (all - part) / 2; };
  copy_box(near, middle(near.width(), width), middle(near.height(), height), frame, middle(size.width, width),
           middle(size.height, height), width, height);
  return frame;
}

}  // namespace animate::engine
