#pragma once

#include "animate/dream_options.h"
#include "animate/image.h"

namespace animate::engine {

struct PictureSize {
  int width = 0;
  int height = 0;
};

// Sides in multiples of `multiple`, with about the photo's shape and about `pixels` pixels; at least one multiple.
PictureSize size_like(const Image& photo, int64_t pixels, int64_t multiple);

// A photo as a frame of that size (PictureFit), resized by Pillow's triangle.
Image fit_picture(const Image& photo, const PictureSize& size, PictureFit fit);

}  // namespace animate::engine
