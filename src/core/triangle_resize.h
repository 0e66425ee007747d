#pragma once

#include <cstddef>

#include "animate/image.h"

namespace animate::core {

// The picture resize that torchvision's Resize makes of a PIL picture: Pillow's resize(BILINEAR), whose triangle grows
// with the reduction, so nothing aliases. Rows first, then columns, bytes in between, weights in fixed point of 22 bits
// as Pillow has them: its bytes to the bit (models/autoencoder/README.md#pictures). A size that fits already gives the
// same pixels, not a copy. Thread-safe.
Image resize_triangle(const Image& image, int width, int height);

// The shorter side brought to `size` that way, proportions kept (the longer one cut to whole pixels), then the middle
// of it: [size, size]. Halves of the offset go to the even neighbour, as Python rounds. Throws Error(Input) for a
// picture so long that no whole pixel would be left of it.
Image resize_and_crop(const Image& image, int size);

}  // namespace animate::core
