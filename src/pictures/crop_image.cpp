#include "pictures/crop_image.h"

#include <cmath>
#include <cstring>

#include "base/error.h"

namespace animate::pictures {

PixelBox to_pixels(const Box& box, const Image& image) {
  const bool whole = box.x == std::floor(box.x) && box.y == std::floor(box.y) && box.width == std::floor(box.width) &&
                     box.height == std::floor(box.height);
  const bool inside = box.x >= 0 && box.y >= 0 && box.width >= 1 && box.height >= 1 &&
                      box.x + box.width <= image.width() && box.y + box.height <= image.height();
  check(whole && inside, ErrorKind::Internal, "the crop {},{},{},{} does not fit a picture of {}x{} pixels", box.x,
        box.y, box.width, box.height, image.width(), image.height());
  return {static_cast<int>(box.x), static_cast<int>(box.y), static_cast<int>(box.width), static_cast<int>(box.height)};
}

Image crop_image(const Image& image, const Box& box) {
  const PixelBox pixels = to_pixels(box, image);
  Image crop(pixels.width, pixels.height);
  for (int y = 0; y < crop.height(); ++y) {
    std::memcpy(crop.row(y), image.row(pixels.y + y) + static_cast<size_t>(pixels.x) * 3, crop.stride());
  }
  return crop;
}

}  // namespace animate::pictures
