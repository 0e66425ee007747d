#pragma once

#include <torch/types.h>

#include <cstdint>

namespace animate::heads {

// Random levels as a function of (seed, stream, place), made on the seeds' device by integer arithmetic: the same on
// every device. `seeds`: [B, 1, 1], whole numbers below 2^24.

// [B, height, width] in [-1, 1), no two neighbours alike.
torch::Tensor white_noise(const torch::Tensor& seeds, int64_t stream, int64_t height, int64_t width);

// Value noise: levels on a lattice of kNoiseCells x kNoiseCells cells, interpolated at (x, y), planes [B, S, S] counted
// in cells from the middle; beyond its border the lattice is mirrored.
inline constexpr int64_t kNoiseCells = 48;
torch::Tensor value_noise(const torch::Tensor& seeds, int64_t stream, const torch::Tensor& x, const torch::Tensor& y);

}  // namespace animate::heads
