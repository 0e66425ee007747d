#include "core/grid.h"

#include <torch/nn/functional.h>

namespace animate {

namespace F = torch::nn::functional;

namespace {

// n positions from -1 to 1.
torch::Tensor axis(int64_t n, const torch::TensorOptions& options) {
  return torch::arange(n, options).mul(2.0 / static_cast<double>(n - 1)).sub(1.0);
}

}  // namespace

torch::Tensor coordinate_grid(int64_t height, int64_t width, const torch::TensorOptions& options) {
  const auto x = axis(width, options);
  const auto y = axis(height, options);
  return torch::stack({x.view({1, width}).expand({height, width}), y.view({height, 1}).expand({height, width})}, 2);
}

torch::Tensor coordinate_grid_3d(int64_t depth, int64_t height, int64_t width, const torch::TensorOptions& options) {
  const std::vector<int64_t> shape{depth, height, width};
  return torch::stack(
      {axis(width, options).view({1, 1, width}).expand(shape), axis(height, options).view({1, height, 1}).expand(shape),
       axis(depth, options).view({depth, 1, 1}).expand(shape)},
      3);
}

torch::Tensor sample_bilinear(const torch::Tensor& image, const torch::Tensor& coordinates, AlignCorners align) {
  return F::grid_sample(image, coordinates,
                        F::GridSampleFuncOptions()
                            .mode(torch::kBilinear)
                            .padding_mode(torch::kZeros)
                            .align_corners(align == AlignCorners::On));
}

torch::Tensor sample_trilinear(const torch::Tensor& volume, const torch::Tensor& coordinates) {
  return sample_bilinear(volume, coordinates, AlignCorners::Off);
}

torch::Tensor interpolate_bilinear(const torch::Tensor& image, int64_t height, int64_t width) {
  return F::interpolate(image, F::InterpolateFuncOptions()
                                   .size(std::vector<int64_t>{height, width})
                                   .mode(torch::kBilinear)
                                   .align_corners(false));
}

}  // namespace animate
