#pragma once

#include <cstdint>
#include <vector>

#include "animate/image.h"
#include "face/box.h"

namespace animate {

// Puts an animated crop back into the picture it was cut from. The seam is soft: a mask rises from 0 at the crop's
// border to 1 over a band inside it, except along the picture's own border, where nothing is to be hidden. Pixels
// outside the crop stay as they are, to the bit. The mask is made once. Immutable and thread-safe.
class PasteBack {
 public:
  // `crop` in whole pixels inside `picture`; `feather` is the band's width as a share of the crop's shorter side.
  PasteBack(Image picture, const Box& crop, double feather);

  // `animated` may have any size; it is resized to the crop.
  Image apply(const Image& animated) const;

 private:
  Image picture_;
  int x_, y_, width_, height_;
  std::vector<uint16_t> mask_;  // one weight a pixel of the crop, 0 to 256
};

}  // namespace animate
