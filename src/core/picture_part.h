#pragma once

#include <cstdint>

namespace animate {

// A rectangle of a picture's pixels; may be empty.
struct PicturePart {
  int64_t x = 0;
  int64_t y = 0;
  int64_t width = 0;
  int64_t height = 0;
};

}  // namespace animate
