#pragma once

#include <cstddef>
#include <cstdint>

#include "media/image_io.h"

namespace animate::media {

// RGBA8 rows, `stride` bytes apart, laid over the background of `options`, as ColorConverter does.
inline Image over_background(const uint8_t* rgba, size_t stride, int width, int height, const ImageOptions& options) {
  Image image(width, height);
  for (int y = 0; y < height; ++y) {
    const uint8_t* in = rgba + static_cast<size_t>(y) * stride;
    uint8_t* out = image.row(y);
    for (int x = 0; x < width; ++x, in += 4, out += 3) {
      const int opacity = options.opaque ? 255 : in[3];
      for (size_t c = 0; c < 3; ++c) {
        const int background = options.opaque ? 0 : options.background[c];
        out[c] = static_cast<uint8_t>((in[c] * opacity + background * (255 - opacity) + 127) / 255);
      }
    }
  }
  return image;
}

}  // namespace animate::media
