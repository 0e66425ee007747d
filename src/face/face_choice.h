#pragma once

#include <span>
#include <string>
#include <vector>

#include "animate/option_values.h"
#include "face/face.h"

namespace animate::face {

// The chosen faces as positions in `faces`; one, or for `all` every one from left to right. Left and right go by the
// boxes' centres. A place means the smallest face whose box holds it, else the one whose box is nearest. No faces: none
// is chosen. Throws Error(Input) with `shown_name` when there is no face of that number.
std::vector<size_t> choose_faces(std::span<const Face> faces, const FaceChoice& choice, const std::string& shown_name);

}  // namespace animate::face
