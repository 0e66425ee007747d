#include "core/grid.h"

#include <torch/nn/functional.h>

namespace animate {

namespace F = torch::nn::functional;

torch::Tensor coordinate_grid(int64_t height, int64_t width, const torch::TensorOptions& options) {
  const auto x = torch::arange(width, options).mul(2.0 / static_cast<double>(width - 1)).sub(1.0);
  const auto y = torch::arange(height, options).mul(2.0 / static_cast<double>(height - 1)).sub(1.0);
  return torch::stack({x.view({1, width}).expand({height, width}), y.view({height, 1}).expand({height, width})}, 2);
}

torch::Tensor sample_bilinear(const torch::Tensor& image, const torch::Tensor& coordinates, AlignCorners align) {
  return F::grid_sample(image, coordinates,
                        F::GridSampleFuncOptions()
                            .mode(torch::kBilinear)
                            .padding_mode(torch::kZeros)
                            .align_corners(align == AlignCorners::On));
}

torch::Tensor interpolate_bilinear(const torch::Tensor& image, int64_t height, int64_t width) {
  return F::interpolate(image, F::InterpolateFuncOptions()
                                   .size(std::vector<int64_t>{height, width})
                                   .mode(torch::kBilinear)
                                   .align_corners(false));
}

}  // namespace animate
