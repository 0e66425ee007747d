#pragma once

#include "animate/image.h"

namespace animate {

// A picture at another size: areas are averaged where it shrinks, cubic where it grows. For showing and pasting; what
// the networks see is resized by core/resize.h. The same size gives the same pixels.
Image resize_image(const Image& image, int width, int height);

}  // namespace animate
