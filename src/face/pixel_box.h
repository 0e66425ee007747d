#pragma once

#include "animate/image.h"
#include "base/pixel_box.h"
#include "face/box.h"

namespace animate::face {

// A Box in whole pixels. Throws Error(Internal) for a fraction of a pixel, an empty box, or one that is not inside the
// picture.
PixelBox to_pixels(const Box& box, const Image& image);

}  // namespace animate::face
