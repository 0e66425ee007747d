#pragma once

#include <array>
#include <cmath>
#include <cstdint>

namespace animate::nn {

// The pixels along an axis that a place between them is made of, as far as they lie inside, and their weights.
struct Neighbours {
  std::array<int64_t, 2> at{};
  std::array<float, 2> weight{};
  int count = 0;
};

// Of a place in [-1, 1] on an axis of `size` pixels; with `corners` -1 and 1 are the centres of the outermost pixels,
// without them their edges. None for a place outside, or one that is not a number.
inline Neighbours neighbours(float place, int64_t size, bool corners) {
  Neighbours found;
  const auto length = static_cast<float>(size);
  const float position = corners ? (place + 1) / 2 * (length - 1) : ((place + 1) * length - 1) / 2;
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

}  // namespace animate::nn
