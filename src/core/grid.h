#pragma once

#include <torch/types.h>

#include "core/grid_conventions.h"

namespace animate::core {

// Coordinate grid of a height x width map: [height, width, 2], x then y (models/fomm/README.md#conventions). With
// PixelCentres an axis of length 1 is 0/0 in the original; it is refused by the callers' size checks.
torch::Tensor coordinate_grid(int64_t height, int64_t width, const torch::TensorOptions& options,
                              GridEnds ends = GridEnds::PixelCentres);

// The same of a volume: [depth, height, width, 3], x, y, z (models/liveportrait/README.md#warping-network). No axis may
// be 1 long.
torch::Tensor coordinate_grid_3d(int64_t depth, int64_t height, int64_t width, const torch::TensorOptions& options);

// Samples `image` [B, C, H, W] at `coordinates` [B, h, w, 2] bilinearly. -> [B, C, h, w]
torch::Tensor sample_bilinear(const torch::Tensor& image, const torch::Tensor& coordinates, AlignCorners align,
                              Padding padding = Padding::Zeros);

// Samples `volume` [B, C, D, H, W] at `coordinates` [B, d, h, w, 3] (x, y, z) trilinearly, corners not aligned; outside
// is zero. -> [B, C, d, h, w]
torch::Tensor sample_trilinear(const torch::Tensor& volume, const torch::Tensor& coordinates);

// Bilinear resize of [B, C, H, W] to height x width, half-pixel centres, no anti-aliasing (F.interpolate's default).
torch::Tensor interpolate_bilinear(const torch::Tensor& image, int64_t height, int64_t width);

}  // namespace animate::core
