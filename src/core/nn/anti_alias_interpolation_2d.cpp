#include "core/nn/anti_alias_interpolation_2d.h"

#include <cmath>

namespace animate::core::nn {
namespace {

torch::Tensor gaussian_kernel(double scale) {
  const double sigma = (1 / scale - 1) / 2;
  const auto size = 2 * static_cast<int64_t>(std::nearbyint(4 * sigma)) + 1;
  const double mean = static_cast<double>(size - 1) / 2;
  const auto line = torch::arange(size, torch::kFloat32).sub(mean).square().div(-2 * sigma * sigma).exp();
  const auto kernel = torch::outer(line, line);
  return kernel / kernel.sum();
}

}  // namespace

AntiAliasInterpolation2dImpl::AntiAliasInterpolation2dImpl(int64_t channels, double scale)
    : step_(static_cast<int64_t>(1 / scale)) {
  const auto kernel = gaussian_kernel(scale);
  weight = register_buffer("weight", kernel.view({1, 1, kernel.size(0), kernel.size(1)}).repeat({channels, 1, 1, 1}));
}

torch::Tensor AntiAliasInterpolation2dImpl::forward(const torch::Tensor& x) {
  // A strided convolution computes only the samples that are kept.
  return torch::conv2d(x, weight, {}, step_, weight.size(2) / 2, 1, weight.size(0));
}

}  // namespace animate::core::nn
