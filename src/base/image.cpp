#include "animate/image.h"

#include <cstring>

#include "base/error.h"

namespace animate {

Image::Image(int width, int height) : width_(width), height_(height) {
  check(width > 0 && height > 0, ErrorKind::Internal, "image of {}x{} pixels asked for", width, height);
  pixels_ = std::make_shared_for_overwrite<uint8_t[]>(size_bytes());
}

Image Image::clone() const {
  if (empty()) return {};
  Image copy(width_, height_);
  std::memcpy(copy.data(), data(), size_bytes());
  return copy;
}

}  // namespace animate
