#pragma once

#include <string_view>

#include "face/face.h"

namespace animate {

// A face that a person points out, where no detector helps: animals, drawings, statues.

// "x,y,w,h" in pixels, fractions allowed: hairline to chin. The box may hang over the border, its middle must lie in
// the picture. Throws Error(Usage) for anything else and for a side below 8 pixels.
Face parse_face_box(std::string_view text, int image_width, int image_height);

// "x1,y1;x2,y2;…" in pixels: five points (left eye, right eye, nose, left and right corner of the mouth, as seen in the
// picture) or the nine of LivePortrait's animals, which frame a face without any guess. All in the picture, eyes and
// mouth apart. Throws Error(Usage) for anything else. The box is what a detector would have given for five points, and
// what the points span for nine.
Face parse_face_points(std::string_view text, int image_width, int image_height);

}  // namespace animate
