#pragma once

#include "animate/image.h"
#include "base/pixel_box.h"
#include "pictures/box.h"

namespace animate::pictures {

// A Box in whole pixels. Throws Error(Internal) for a fraction of a pixel, an empty box, or one that is not inside the
// picture.
PixelBox to_pixels(const Box& box, const Image& image);

// A copy of the box's pixels. The box must have whole numbers and lie inside: Error(Internal) otherwise.
Image crop_image(const Image& image, const Box& box);

}  // namespace animate::pictures
