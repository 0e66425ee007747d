#pragma once

#include <torch/types.h>

#include <cstdint>

#include "animate/image.h"

namespace animate::core {

// torchvision's make_grid: pictures of one size [B, 3, H, W] in rows of `columns`, with 2 pixels of 0 round each
// -> [3, H', W']. One picture alone has no frame. `normalise` first stretches the values of the whole sheet, not of
// each picture, to 0..1 (models/autoencoder/README.md#sheets). B and `columns` are at least 1.
torch::Tensor picture_grid(const torch::Tensor& pictures, int64_t columns = 8, bool normalise = false);

// Such a sheet [3, H', W'] in [0, 1] as save_image writes it: halves go up, values outside are clamped.
Image grid_image(const torch::Tensor& grid);

}  // namespace animate::core
