#include "media/orientation.h"

#include <cmath>
#include <cstring>

namespace animate::media {

Orientation Orientation::from_exif(int value) {
  switch (value) {
    case 2: return {-1, 0, 0, 1};
    case 3: return {-1, 0, 0, -1};
    case 4: return {1, 0, 0, -1};
    case 5: return {0, 1, 1, 0};
    case 6: return {0, 1, -1, 0};
    case 7: return {0, -1, -1, 0};
    case 8: return {0, -1, 1, 0};
    default: return {};
  }
}

Orientation Orientation::from_display_matrix(const std::array<int32_t, 9>& matrix) {
  const double a = matrix[0], b = matrix[1], c = matrix[3], d = matrix[4];
  const auto sign = [](double value) { return value < 0 ? -1 : 1; };
  if (a == 0 && b == 0 && c == 0 && d == 0) return {};
  if (std::abs(a) + std::abs(d) >= std::abs(b) + std::abs(c)) return {sign(a), 0, 0, sign(d)};
  return {0, sign(b), sign(c), 0};
}

int Orientation::degrees() const {
  // Undo a left-right mirroring of the stored picture, then read the angle off the image of its x axis.
  const int x = mirrored() ? -a : a;
  const int y = mirrored() ? -b : b;
  if (x == 1) return 0;
  if (y == 1) return 90;
  return x == -1 ? 180 : 270;
}

Image turn_upright(const Image& stored, Orientation orientation) {
  if (orientation.upright() || stored.empty()) return stored;
  const int width = stored.width(), height = stored.height();
  const bool swap = orientation.swaps_sides();
  Image shown(swap ? height : width, swap ? width : height);
  // The inverse of a signed permutation is its transpose: walk the target, step through the source.
  const auto [a, b, c, d] = orientation;
  const int origin_x = (a + b < 0) ? width - 1 : 0;
  const int origin_y = (c + d < 0) ? height - 1 : 0;
  for (int y = 0; y < shown.height(); ++y) {
    uint8_t* out = shown.row(y);
    int source_x = origin_x + b * y;
    int source_y = origin_y + d * y;
    for (int x = 0; x < shown.width(); ++x, out += 3, source_x += a, source_y += c) {
      std::memcpy(out, stored.row(source_y) + static_cast<size_t>(source_x) * 3, 3);
    }
  }
  return shown;
}

}  // namespace animate::media
