#include "core/nn/fast_conv/linear_gather.h"

#include <algorithm>
#include <array>

#include "core/nn/fast_conv/linear_neighbours.h"

namespace animate::core::nn {
namespace {

// What a place is made of: at most eight pixels.
struct Mixture {
  std::array<const float*, 8> pixels;
  std::array<float, 8> weights;
  int count = 0;
};

Mixture mixture_at(const GatheredMaps& maps, const float* image, const float* place, const GatherPlaces& places) {
  const Neighbours x = neighbours(place[0], maps.width, places.corners, places.border);
  const Neighbours y = neighbours(place[1], maps.height, places.corners, places.border);
  const Neighbours z =
      places.axes == 3 ? neighbours(place[2], maps.depth, places.corners, places.border) : Neighbours{{0}, {1}, 1};
  Mixture mixture;
  for (int k = 0; k < z.count; ++k) {
    for (int i = 0; i < y.count; ++i) {
      for (int j = 0; j < x.count; ++j) {
        const int64_t pixel = (z.at[k] * maps.height + y.at[i]) * maps.width + x.at[j];
        mixture.pixels[mixture.count] = image + pixel * maps.channels;
        mixture.weights[mixture.count++] = x.weight[j] * y.weight[i] * z.weight[k];
      }
    }
  }
  return mixture;
}

template <int Count>
void mix(const Mixture& mixture, int64_t channels, float* out) {
  std::array<const float*, Count> pixels;
  std::copy_n(mixture.pixels.begin(), Count, pixels.begin());
  for (int64_t c = 0; c < channels; ++c) {
    float sum = 0;
    for (int i = 0; i < Count; ++i) sum += mixture.weights[i] * pixels[i][c];
    out[c] = sum;
  }
}

void mix(const Mixture& mixture, int64_t channels, float* out) {
  switch (mixture.count) {
    case 1: return mix<1>(mixture, channels, out);
    case 2: return mix<2>(mixture, channels, out);
    case 4: return mix<4>(mixture, channels, out);
    case 8: return mix<8>(mixture, channels, out);
    default: std::fill_n(out, channels, 0.0F);
  }
}

}  // namespace

void gather_linear(const GatheredMaps& maps, const GatherPlaces& places, int64_t threads, float* out) {
  const int64_t image = maps.depth * maps.height * maps.width * maps.channels;
#pragma omp parallel for num_threads(static_cast <int>(threads))
  for (int64_t i = 0; i < places.batch * places.places; ++i) {
    const float* const from = maps.data + (maps.batch == 1 ? 0 : i / places.places) * image;
    mix(mixture_at(maps, from, places.data + i * places.axes, places), maps.channels, out + i * maps.channels);
  }
}

}  // namespace animate::core::nn
