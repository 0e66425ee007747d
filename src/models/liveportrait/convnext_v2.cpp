#include "models/liveportrait/convnext_v2.h"

namespace animate::models::liveportrait {
namespace {
constexpr double kEps = 1e-6;
}  // namespace

LayerNormImpl::LayerNormImpl(int64_t channels) {
  weight = register_parameter("weight", torch::ones({channels}));
  bias = register_parameter("bias", torch::zeros({channels}));
}

torch::Tensor LayerNormImpl::forward(const torch::Tensor& x) {
  return torch::layer_norm(x, {weight.size(0)}, weight, bias, kEps);
}

torch::Tensor LayerNormImpl::forward_maps(const torch::Tensor& x) {
  return forward(x.permute({0, 2, 3, 1})).permute({0, 3, 1, 2});
}

GlobalResponseNormImpl::GlobalResponseNormImpl(int64_t channels) {
  gamma = register_parameter("gamma", torch::zeros({1, 1, 1, channels}));
  beta = register_parameter("beta", torch::zeros({1, 1, 1, channels}));
}

torch::Tensor GlobalResponseNormImpl::forward(const torch::Tensor& x) {
  const auto norm = x.norm(2, {1, 2}, /*keepdim=*/true);
  const auto response = norm / (norm.mean(-1, /*keepdim=*/true) + kEps);
  return gamma * (x * response) + beta + x;
}

ConvNextBlockImpl::ConvNextBlockImpl(int64_t channels) {
  dwconv = register_module(
      "dwconv", torch::nn::Conv2d(torch::nn::Conv2dOptions(channels, channels, 7).padding(3).groups(channels)));
  norm = register_module("norm", LayerNorm(channels));
  pwconv1 = register_module("pwconv1", torch::nn::Linear(channels, 4 * channels));
  grn = register_module("grn", GlobalResponseNorm(4 * channels));
  pwconv2 = register_module("pwconv2", torch::nn::Linear(4 * channels, channels));
}

torch::Tensor ConvNextBlockImpl::forward(const torch::Tensor& x) {
  auto y = norm->forward(dwconv->forward(x).permute({0, 2, 3, 1}));
  y = pwconv2->forward(grn->forward(torch::gelu(pwconv1->forward(y))));
  return x + y.permute({0, 3, 1, 2});
}

}  // namespace animate::models::liveportrait
