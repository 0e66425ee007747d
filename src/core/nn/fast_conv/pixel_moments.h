#pragma once

#include <cstdint>

namespace animate::core::nn {

// Maps with the channels last.
struct PixelMaps {
  int64_t batch = 1, pixels = 0, channels = 0;
};

// Mean and variance (by the number of pixels) of every channel, [batch, channels] each, in one pass over memory: pieces
// that the cache holds are measured about their own mean and joined (Chan, Golub and LeVeque, 1979), so nothing
// cancels. The number of threads does not change a bit of the result.
void pixel_moments(const float* maps, const PixelMaps& shape, int64_t threads, float* mean, float* variance);

}  // namespace animate::core::nn
