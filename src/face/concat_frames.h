#pragma once

#include "animate/image.h"

namespace animate::face {

// The row that shows what drove what: driving frame, source, generated; each brought to the generated picture's
// size, bilinearly. An empty driving frame (a motion template has none) is left out.
Image concat_frames(const Image& driving, const Image& source, const Image& generated);

}  // namespace animate::face
