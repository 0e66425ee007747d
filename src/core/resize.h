#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace animate::core {

// The picture resize of the original programs: scikit-image 0.19 `resize` with its defaults
// (models/fomm/README.md#resize). Where an axis shrinks by f = in/out it is first smoothed with a Gaussian of sigma
// (f - 1) / 2; then both axes are interpolated linearly at c = (i + 0.5) f - 0.5, with the border mirrored about the
// outermost pixel centres; at last the values are clipped to the range of the input. Computed in double precision,
// returned as float.
//   pixels    height x width x channels, 8 bits, rows packed
//   result    out_height x out_width x channels, in [0, 1]
// An axis of equal size passes through unchanged. Thread-safe.
std::vector<float> resize_smooth(std::span<const uint8_t> pixels, int height, int width, int channels, int out_height,
                                 int out_width);

// The same along one axis as a sum of input samples for every output sample, in the order in which they are added.
struct ResizeTap {
  int index;
  double weight;
};
std::vector<std::vector<ResizeTap>> resize_taps(int in, int out);

}  // namespace animate::core
