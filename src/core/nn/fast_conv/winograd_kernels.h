#pragma once

#include <cstdint>

#include "core/nn/fast_conv/winograd.h"

// The vector kernels behind winograd.h, compiled once for every instruction set and chosen at run time.
//
// One block goes through three steps, all in the calling thread's own memory:
//
//   maps --transform_inputs--> transformed --multiply_points--> products --transform_outputs--> maps
//
//   transformed  [points][stored columns][stored depth][padded_in]         (+ 16 floats after each point)
//   products     [kWinogradPanelsTogether][points][columns * depth][panel] (+ 16 floats after each point)
//
//   points         36, 25 or 49: the places of a transformed tile, each a matrix product of its own
//   column         a tile (4 x 4 outputs) through the whole depth of a volume; maps have a depth of 1
//   stored depth   depth + depth_taps - 1: with the planes of zeros before and behind the volume
//   padded_in      input channels, rounded up to whole vectors
//   panel          two vectors of output channels, the width of one row of products
namespace animate::core::nn {

// Floats left free between the matrices of two points, a cache line of them: a stride of whole pages would put all
// points of a tile into the same cache set.
inline constexpr int64_t kWinogradGap = 16;

inline constexpr int64_t kWinogradTile = 4;  // outputs a side of one tile

// Panels of output channels whose products are kept at once.
inline constexpr int64_t kWinogradPanelsTogether = 4;

// Neighbouring tiles through the whole depth ("columns"), from maps to maps.
struct WinogradBlock {
  const float* input = nullptr;
  float* output = nullptr;
  int64_t depth = 1, height = 0, width = 0;  // of the input
  int64_t in = 0, padded_in = 0, out = 0;
  int64_t depth_taps = 1;
  int64_t kernel = 3;
  bool upsampled = false;

  const float* packed = nullptr;  // as WinogradWeights lays it out
  const float* bias = nullptr;
  WinogradFusion fusion;
  bool modulates = false;  // `out` counts the channels of the output

  int64_t tiles_y = 0, tiles_x = 0;
  int64_t first_column = 0, columns = 0;  // of one row of tiles where the kernel is of pieces

  // Room of the calling thread, on cache lines' boundaries.
  float* transformed = nullptr;  // winograd_transformed_size()
  float* products = nullptr;     // winograd_products_size()
};

// Products a tile of 16 outputs needs for each piece of the filter.
constexpr int64_t winograd_points(int64_t kernel, bool upsampled) {
  if (kernel == 7) return 49;
  return upsampled ? 25 : 36;
}

// Pieces a side that a filter is cut into, a tile apart.
constexpr int64_t winograd_pieces(int64_t kernel) { return kernel == 7 ? 2 : 1; }

// Tiles whose transformed inputs so many neighbouring ones need: their own, and with pieces those to the right and in
// the row below, because a filter of 7 reaches that far:
//
//   kernel 7, columns = 3:    own    own    own    right       index = row * (columns + 1) + column
//                             below  below  below  below
constexpr int64_t winograd_stored_columns(int64_t columns, int64_t kernel) {
  const int64_t more = winograd_pieces(kernel) - 1;
  return (1 + more) * (columns + more);
}

constexpr int64_t round_up(int64_t value, int64_t step) { return (value + step - 1) / step * step; }

// Output channels that are computed together.
constexpr int64_t winograd_panel(int64_t lanes) { return 2 * lanes; }

// In floats.
int64_t winograd_transformed_size(const WinogradBlock& block);
int64_t winograd_products_size(const WinogradBlock& block);

void winograd_compute(const WinogradBlock& block);

}  // namespace animate::core::nn
