#pragma once

#include <array>

#include "animate/image.h"

namespace animate::pictures {

// Resizing where the numbers count: exactly OpenCV's sampling, as the original calls it. (resize_image is for
// pictures that only people look at.) Both give the same pixels, not a copy, when the size already fits.
Image resize_area(const Image& image, int width, int height);
Image resize_linear(const Image& image, int width, int height);

// The size {width, height} to which a source is brought (models/liveportrait/README.md#pictures): not above `max_dim`
// on its longer side (0: no limit), proportions kept and cut to whole pixels; then cut to multiples of `division`,
// unless nothing would be left. A very long picture keeps one pixel, where the original fails.
std::array<int, 2> limited_size(int width, int height, int max_dim, int division);

// The picture in that size: resized bilinearly, then cut at the right and the bottom.
Image resize_to_limit(const Image& image, int max_dim, int division);

}  // namespace animate::pictures
