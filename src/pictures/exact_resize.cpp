#include "pictures/exact_resize.h"

#include <algorithm>
#include <opencv2/imgproc.hpp>

#include "pictures/crop_image.h"
#include "pictures/opencv.h"

namespace animate::pictures {
namespace {

Image resize(const Image& image, int width, int height, int sampling) {
  check(!image.empty(), ErrorKind::Internal, "an empty picture cannot be resized");
  if (image.width() == width && image.height() == height) return image;
  Image resized(width, height);
  guard_opencv("resizing a picture", [&] {
    cv::Mat target = view(resized);
    cv::resize(view(image), target, target.size(), 0, 0, sampling);
  });
  return resized;
}

// Before the cut to multiples.
std::array<int, 2> scaled_size(int width, int height, int max_dim) {
  if (max_dim <= 0 || std::max(width, height) <= max_dim) return {width, height};
  if (height > width) {
    return {std::max(1, static_cast<int>(width * (static_cast<double>(max_dim) / height))), max_dim};
  }
  return {max_dim, std::max(1, static_cast<int>(height * (static_cast<double>(max_dim) / width)))};
}

// All or nothing: where one side would vanish, the other is not cut either.
std::array<int, 2> cut(std::array<int, 2> size, int division) {
  const int step = std::max(division, 1);
  const std::array<int, 2> whole{size[0] - size[0] % step, size[1] - size[1] % step};
  return whole[0] > 0 && whole[1] > 0 ? whole : size;
}

}  // namespace

Image resize_area(const Image& image, int width, int height) { return resize(image, width, height, cv::INTER_AREA); }

Image resize_linear(const Image& image, int width, int height) {
  return resize(image, width, height, cv::INTER_LINEAR);
}

std::array<int, 2> limited_size(int width, int height, int max_dim, int division) {
  return cut(scaled_size(width, height, max_dim), division);
}

Image resize_to_limit(const Image& image, int max_dim, int division) {
  const auto scaled_to = scaled_size(image.width(), image.height(), max_dim);
  Image scaled = resize_linear(image, scaled_to[0], scaled_to[1]);
  const auto [width, height] = cut(scaled_to, division);
  if (width == scaled.width() && height == scaled.height()) return scaled;
  return crop_image(scaled, {0, 0, static_cast<double>(width), static_cast<double>(height)});
}

}  // namespace animate::pictures
