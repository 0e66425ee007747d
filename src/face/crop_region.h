#pragma once

#include "animate/image.h"
#include "animate/option_values.h"
#include "pictures/box.h"

namespace animate::face {

// Which part of the source picture is animated. All boxes given back have whole numbers, lie inside the picture
// and, but for box_in_picture, are square: the networks see squares and were trained on undistorted heads.

// The square round a whole head, from a detector's face box. First the face grows to the head, with hair and chin,
// since a cascade sees only forehead to chin; then it is widened by `increase` of its longer side on every side and
// squared, as the original's crop-video.py does. A square that hangs over the picture's border is moved inside,
// one that is larger than the picture is cut to its shorter side.
pictures::Box face_crop_region(const pictures::Box& face, int image_width, int image_height, double increase = 0.1);

// The largest square in the middle.
pictures::Box centre_square(int image_width, int image_height);

// A CropChoice of Kind::Box as a box of the picture. Throws Error(Usage) where it is not inside.
pictures::Box box_in_picture(const CropChoice& crop, int image_width, int image_height);

}  // namespace animate::face
