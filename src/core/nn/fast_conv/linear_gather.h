#pragma once

#include <cstdint>

namespace animate::core::nn {

// Maps or volumes with the channels last, [batch, depth, height, width, channels]; `batch` 1 stands for any number.
struct GatheredMaps {
  const float* data = nullptr;
  int64_t batch = 1, depth = 1, height = 0, width = 0, channels = 0;
};

// Places to sample at, [batch, places, axes] in [-1, 1]: x, y, and z where axes is 3.
struct GatherPlaces {
  const float* data = nullptr;
  int64_t batch = 1, places = 0, axes = 2;
  bool corners = false;  // -1 and 1 are the centres of the outermost pixels, not their edges
  bool border = false;   // outside, the border pixels go on; else there are zeros
};

// Linear sampling -> out [places.batch, places, channels]. A place that is not a number gives zeros.
// Of two channels' place the weights are computed once, which is what the channels being last is for.
void gather_linear(const GatheredMaps& maps, const GatherPlaces& places, int64_t threads, float* out);

}  // namespace animate::core::nn
