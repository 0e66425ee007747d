#pragma once

#include <string>

#include "animate/image.h"
#include "face/box.h"

namespace animate {

// The square around a whole head for a detected face, inside the picture. The face box is first completed to the head
// (hair above, chin and neck below, as the original's detector boxes them), then widened by `increase` on each side and
// made square on its longer side, as crop-video.py prepares its training data (FOMM, spec section 13).
Box face_crop_region(const Box& face, int image_width, int image_height, double increase = 0.1);

// The largest square in the middle of a picture.
Box centre_square(int image_width, int image_height);

// Parses "x,y,width,height" in whole pixels. Throws Error(Usage) for anything else, or where it leaves the picture.
Box parse_crop(const std::string& text, int image_width, int image_height);

// Cuts out a box; its corners are rounded to whole pixels and lie inside the picture.
Image crop_image(const Image& image, const Box& box);

}  // namespace animate
