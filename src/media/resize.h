#pragma once

#include "animate/image.h"

namespace animate::media {

// Bicubic; the same pixels, not a copy, when the size already fits. For pictures of a series that differ in size,
// not for the models' inputs (they have their own, exactly defined sampling).
Image resize(const Image& image, int width, int height);

}  // namespace animate::media
