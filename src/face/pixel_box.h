#pragma once

#include "animate/image.h"
#include "face/box.h"

namespace animate {

// A Box in whole pixels that is known to lie inside a picture.
struct PixelBox {
  int x = 0;
  int y = 0;
  int width = 0;
  int height = 0;
};

// Throws Error(Internal) for a fraction of a pixel, an empty box, or one that is not inside the picture.
PixelBox to_pixels(const Box& box, const Image& image);

}  // namespace animate
