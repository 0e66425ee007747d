#pragma once

#include "animate/image.h"

namespace animate::pictures {

// Averages areas where the picture shrinks, cubic where it grows; the same pixels, not a copy, when the size already
// fits. For pictures that people look at, not for the models' inputs (they have their own, exactly defined sampling).
Image resize_image(const Image& image, int width, int height);

}  // namespace animate::pictures
