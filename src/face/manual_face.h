#pragma once

#include "animate/option_values.h"
#include "face/face.h"

namespace animate::face {

// A face that a person points out, where no detector helps: animals, drawings, statues.

// The box may hang over the border, its middle must lie in the picture. Throws Error(Usage) where it does not.
Face place_face(const FaceBox& box, int image_width, int image_height);

// Five points, or nine, which frame a face without any guess. All must lie in the picture, eyes and mouth apart. Throws
// Error(Usage) for others. The box is what a detector would have given for five points, and what the points span for
// nine.
Face place_face(const FacePoints& points, int image_width, int image_height);

}  // namespace animate::face
