#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "face/face.h"

namespace animate {

// Which of several faces is meant: --face largest|left|right|N|x,y|all.
struct FaceChoice {
  enum class Kind { Largest, Left, Right, Number, Place, All };

  Kind kind = Kind::Largest;
  int number = 0;  // from 1, counted from left to right
  double x = 0;    // pixels
  double y = 0;

  // Throws Error(Usage) for anything else.
  static FaceChoice parse(std::string_view text);
};

// The chosen faces as positions in `faces`; one, or for `all` every one from left to right. Left and right go by the
// boxes' centres. A place means the smallest face whose box holds it, else the one whose box is nearest. No faces: none
// is chosen. Throws Error(Input) with `shown_name` when there is no face of that number.
std::vector<size_t> choose_faces(std::span<const Face> faces, const FaceChoice& choice, const std::string& shown_name);

}  // namespace animate
