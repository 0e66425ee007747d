#pragma once

#include <torch/types.h>

#include "core/grid_conventions.h"

namespace animate::core {

// Gaussian bumps around keypoints: keypoints [B, K, 2] in [-1, 1] -> [B, K, height, width],
// exp(-|z - keypoint|^2 / (2 variance)) (models/fomm/README.md#heatmaps).
torch::Tensor keypoints_to_gaussian(const torch::Tensor& keypoints, int64_t height, int64_t width, double variance,
                                    GridEnds ends = GridEnds::PixelCentres);

// The same in a volume: keypoints [B, K, 3], grid [D, H, W, 3] -> [B, K, D, H, W]
// (models/liveportrait/README.md#warping-network).
torch::Tensor keypoints_to_gaussian_3d(const torch::Tensor& keypoints, const torch::Tensor& grid, double variance);

// Expected coordinate under a heatmap: [B, K, H, W], each map summing to 1 -> [B, K, 2] on the heatmap's own grid
// (models/fomm/README.md#soft-argmax; a map that lost its border to padding 0 is stretched to [-1, 1] all the same).
torch::Tensor gaussian_to_keypoints(const torch::Tensor& heatmap, GridEnds ends = GridEnds::PixelCentres);

}  // namespace animate::core
