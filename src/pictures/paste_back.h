#pragma once

#include <cstdint>
#include <vector>

#include "animate/image.h"
#include "pictures/box.h"
#include "pictures/crop_image.h"

namespace animate::pictures {

// Puts an animated crop back into the full picture, with a soft seam: the crop's weight is 0 on the outermost pixels
// of the box and rises smoothly to 1 over a band `feather` times the box's shorter side wide. Where the box touches
// the picture's border there is nothing to blend with, and no seam. Not a colour match: what differs inside, stays.
// Immutable after construction; apply() may run on several threads at once.
class PasteBack {
 public:
  // `crop` in whole pixels, inside the picture (Error(Internal) otherwise); feather 0 (a hard edge) to 0.5.
  PasteBack(Image full_picture, const Box& crop, double feather = 0.08);

  // The full picture with the animated crop, of any size, resized into the box. Pixels outside the box are
  // bit for bit those of the full picture.
  Image apply(const Image& animated_crop) const;

 private:
  Image full_picture_;
  PixelBox box_;
  std::vector<uint16_t> mask_;  // weight of the crop, 0..256, once per channel, so that rows blend without a shuffle
};

}  // namespace animate::pictures
