#include "face/crop_region.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstring>
#include <tuple>
#include <vector>

#include "base/error.h"

namespace animate {
namespace {

// From a Haar box (eyebrows to chin, cheek to cheek) to the head, in shares of the box.
constexpr double kHairAbove = 0.40;
constexpr double kNeckBelow = 0.20;
constexpr double kEarsBeside = 0.15;

constexpr int kSmallestCrop = 8;

// A square of `side` around (cx, cy), moved into the picture; shrunk only where it does not fit at all.
Box square_inside(double cx, double cy, double side, int width, int height) {
  const double fitting = std::floor(std::min({side, static_cast<double>(width), static_cast<double>(height)}));
  const double x = std::clamp(std::round(cx - fitting / 2), 0.0, width - fitting);
  const double y = std::clamp(std::round(cy - fitting / 2), 0.0, height - fitting);
  return {x, y, fitting, fitting};
}

}  // namespace

Box face_crop_region(const Box& face, int image_width, int image_height, double increase) {
  const double left = face.x - kEarsBeside * face.width;
  const double right = face.x + (1 + kEarsBeside) * face.width;
  const double top = face.y - kHairAbove * face.height;
  const double bottom = face.y + (1 + kNeckBelow) * face.height;
  const double side = (1 + 2 * increase) * std::max(right - left, bottom - top);
  return square_inside((left + right) / 2, (top + bottom) / 2, side, image_width, image_height);
}

Box centre_square(int image_width, int image_height) {
  return square_inside(image_width / 2.0, image_height / 2.0, std::min(image_width, image_height), image_width,
                       image_height);
}

Box parse_crop(const std::string& text, int image_width, int image_height) {
  std::vector<int> numbers;
  const char* at = text.data();
  const char* const end = text.data() + text.size();
  while (at < end && numbers.size() < 4) {
    int number = 0;
    const auto [stop, error] = std::from_chars(at, end, number);
    if (error != std::errc() || (stop != end && *stop != ',')) break;
    numbers.push_back(number);
    at = stop == end ? end : stop + 1;
  }
  check(numbers.size() == 4 && at == end && text.back() != ',', ErrorKind::Usage,
        "--crop {}: is not a crop; use auto, none or x,y,width,height in pixels", text);
  const auto [x, y, width, height] = std::tuple(numbers[0], numbers[1], numbers[2], numbers[3]);
  check(width >= kSmallestCrop && height >= kSmallestCrop, ErrorKind::Usage, "--crop {}: must be at least {}x{} pixels", text,
        kSmallestCrop, kSmallestCrop);
  check(x >= 0 && y >= 0 && width <= image_width - x && height <= image_height - y, ErrorKind::Usage,
        "--crop {}: does not lie inside the picture of {}x{} pixels; correct it", text, image_width, image_height);
  return {static_cast<double>(x), static_cast<double>(y), static_cast<double>(width), static_cast<double>(height)};
}

Image crop_image(const Image& image, const Box& box) {
  const auto x = static_cast<int>(std::lround(box.x));
  const auto y = static_cast<int>(std::lround(box.y));
  const auto width = static_cast<int>(std::lround(box.width));
  const auto height = static_cast<int>(std::lround(box.height));
  if (width == image.width() && height == image.height()) return image;
  Image crop(width, height);
  for (int row = 0; row < height; ++row) {
    std::memcpy(crop.row(row), image.row(y + row) + 3 * static_cast<size_t>(x), crop.stride());
  }
  return crop;
}

}  // namespace animate
