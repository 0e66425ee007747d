#pragma once

#include <torch/types.h>

namespace animate::core::nn {

// Maps with their channels last in memory are a matrix, one row a pixel, which every product and sum over channels
// reads as it lies. The networks of video diffusion keep all their maps that way.

// [N, C, H, W] -> [N, H * W, C]: the same memory where the channels are last, else a copy.
inline torch::Tensor rows_of(const torch::Tensor& maps) {
  return maps.permute({0, 2, 3, 1}).contiguous().view({maps.size(0), maps.size(2) * maps.size(3), maps.size(1)});
}

// [N, height * width, C] -> [N, C, height, width], the same memory.
inline torch::Tensor maps_of(const torch::Tensor& rows, int64_t height, int64_t width) {
  return rows.view({rows.size(0), height, width, rows.size(2)}).permute({0, 3, 1, 2});
}

// The size and rows of other maps.
inline torch::Tensor maps_like(const torch::Tensor& rows, const torch::Tensor& maps) {
  return maps_of(rows, maps.size(2), maps.size(3));
}

}  // namespace animate::core::nn
