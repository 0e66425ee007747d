#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

namespace animate::core::nn {

// The pixels along an axis that a place between them is made of, as far as they lie inside, and their weights.
struct Neighbours {
  std::array<int64_t, 2> at{};
  std::array<float, 2> weight{};
  int count = 0;
};

// Of a place in [-1, 1] on an axis of `size` pixels; with `corners` -1 and 1 are the centres of the outermost pixels,
// without them their edges. With `border` a place outside is taken for the nearest pixel's centre; else it has none.
// None either for one that is not a number.
inline Neighbours neighbours(float place, int64_t size, bool corners, bool border = false) {
  Neighbours found;
  const auto length = static_cast<float>(size);
  float position = corners ? (place + 1) / 2 * (length - 1) : ((place + 1) * length - 1) / 2;
  if (border) position = std::clamp(position, 0.0F, length - 1);
  if (!(position > -1 && position < length)) return found;
  const float below = std::floor(position);
  const auto first = static_cast<int64_t>(below);
  const float late = position - below;
  const std::array<float, 2> weights{1 - late, late};
  for (int64_t i = 0; i < 2; ++i) {
    if (first + i < 0 || first + i >= size) continue;
    found.at[static_cast<size_t>(found.count)] = first + i;
    found.weight[static_cast<size_t>(found.count++)] = weights[static_cast<size_t>(i)];
  }
  return found;
}

}  // namespace animate::core::nn
