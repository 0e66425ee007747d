#pragma once

#include <cstdint>

#include "core/nn/fast_conv/winograd.h"

// The vector kernels behind winograd.h, compiled once for every instruction set and chosen at run time.
namespace animate::nn {

inline constexpr int64_t kWinogradTile = 4;  // outputs a side of one tile

// Neighbouring tiles through the whole depth ("columns"), from maps to maps.
struct WinogradBlock {
  const float* input = nullptr;
  float* output = nullptr;
  int64_t depth = 1, height = 0, width = 0;  // of the input
  int64_t in = 0, padded_in = 0, out = 0;
  int64_t depth_taps = 1;
  bool upsampled = false;

  const float* packed = nullptr;  // as WinogradWeights lays it out
  const float* bias = nullptr;
  WinogradFusion fusion;
  bool modulates = false;  // `out` counts the channels of the output

  int64_t tiles_y = 0, tiles_x = 0;
  int64_t first_column = 0, columns = 0;

  // Room of the calling thread, on cache lines' boundaries.
  float* transformed = nullptr;  // winograd_transformed_size()
  float* products = nullptr;     // winograd_products_size()
};

int64_t winograd_points(bool upsampled);  // products a tile needs instead of 9 (4) times 16
int64_t winograd_transformed_size(const WinogradBlock& block);
int64_t winograd_products_size(const WinogradBlock& block);
int64_t winograd_panel(int64_t lanes);  // output channels that are computed together

void winograd_compute(const WinogradBlock& block);

}  // namespace animate::nn
