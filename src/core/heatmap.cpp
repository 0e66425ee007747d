#include "core/heatmap.h"

#include "core/grid.h"

namespace animate::core {

torch::Tensor keypoints_to_gaussian(const torch::Tensor& keypoints, int64_t height, int64_t width, double variance,
                                    GridEnds ends) {
  const auto grid = coordinate_grid(height, width, keypoints.options(), ends).view({1, 1, height, width, 2});
  const auto centre = keypoints.view({keypoints.size(0), keypoints.size(1), 1, 1, 2});
  return (grid - centre).square().sum(-1).mul(-0.5 / variance).exp();
}

torch::Tensor keypoints_to_gaussian_3d(const torch::Tensor& keypoints, const torch::Tensor& grid, double variance) {
  const auto centre = keypoints.view({keypoints.size(0), keypoints.size(1), 1, 1, 1, 3});
  return (grid - centre).square().sum(-1).mul(-0.5 / variance).exp();
}

torch::Tensor gaussian_to_keypoints(const torch::Tensor& heatmap, GridEnds ends) {
  const auto grid = coordinate_grid(heatmap.size(2), heatmap.size(3), heatmap.options(), ends);
  return (heatmap.unsqueeze(-1) * grid).sum({2, 3});
}

}  // namespace animate::core
