#pragma once

#include <array>
#include <cstdint>

#include "animate/image.h"

namespace animate::media {

// How stored pixels are turned for display: one of the eight turns and mirrorings of a rectangle.
// A point (x, y) of the stored picture is shown at (a x + c y, b x + d y), up to a shift.
struct Orientation {
  int a = 1, b = 0, c = 0, d = 1;

  // `value` is the EXIF tag, 1 to 8; anything else means upright.
  static Orientation from_exif(int value);
  // A 3 x 3 display matrix in FFmpeg's fixed-point form; angles in between snap to the nearest quarter turn.
  static Orientation from_display_matrix(const std::array<int32_t, 9>& matrix);

  bool upright() const { return *this == Orientation{}; }
  bool swaps_sides() const { return a == 0; }
  bool mirrored() const { return a * d - b * c < 0; }
  // Clockwise turn that makes the picture upright: 0, 90, 180 or 270 (after mirroring left to right, if mirrored).
  int degrees() const;

  bool operator==(const Orientation&) const = default;
};

// The upright picture; the same pixels, not a copy, when nothing has to be turned.
Image turn_upright(const Image& stored, Orientation orientation);

}  // namespace animate::media
