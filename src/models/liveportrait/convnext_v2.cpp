#include "models/liveportrait/convnext_v2.h"

#include <ATen/Parallel.h>

#include "core/nn/fast_conv/depthwise_convolution.h"
#include "core/nn/fast_conv/pixel_moments.h"

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

torch::Tensor GlobalResponseNormImpl::forward_fast(const torch::Tensor& x) const {
  const int64_t images = x.size(0);
  const int64_t pixels = x.size(1) * x.size(2);
  const int64_t channels = x.size(3);
  const auto mean = torch::empty({images, channels});
  const auto variance = torch::empty({images, channels});
  core::nn::pixel_moments(x.data_ptr<float>(), {images, pixels, channels}, at::get_num_threads(),
                          mean.data_ptr<float>(), variance.data_ptr<float>());
  // The sum of squares is what they are about their mean, and the mean's.
  const auto norm = torch::addcmul(variance, mean, mean).mul_(static_cast<double>(pixels)).sqrt_();
  const auto response = norm / (norm.mean(-1, /*keepdim=*/true) + kEps);
  const auto scale = torch::addcmul(torch::ones({1, channels}), gamma.view({1, channels}), response);
  return torch::addcmul(beta, x, scale.view({images, 1, 1, channels}));
}

ConvNextBlockImpl::ConvNextBlockImpl(int64_t channels) {
  dwconv = register_module(
      "dwconv", torch::nn::Conv2d(torch::nn::Conv2dOptions(channels, channels, 7).padding(3).groups(channels)));
  norm = register_module("norm", LayerNorm(channels));
  pwconv1 = register_module("pwconv1", torch::nn::Linear(channels, 4 * channels));
  grn = register_module("grn", GlobalResponseNorm(4 * channels));
  pwconv2 = register_module("pwconv2", torch::nn::Linear(4 * channels, channels));
}

void ConvNextBlockImpl::use_fast_convolutions(core::nn::ConvMode mode) {
  const bool fits = core::nn::has_depthwise_convolution() && norm->weight.size(0) % core::nn::kDepthwiseLanes == 0;
  taps_ = mode == core::nn::ConvMode::Direct || !fits
              ? torch::Tensor()
              : dwconv->weight.detach().squeeze(1).permute({1, 2, 0}).contiguous();
}

torch::Tensor ConvNextBlockImpl::forward_fast(const torch::Tensor& x) const {
  const auto in = x.contiguous(torch::MemoryFormat::ChannelsLast);
  const auto pixels = torch::empty({x.size(0), x.size(2), x.size(3), x.size(1)});
  core::nn::DepthwiseConvolution begin;
  begin.input = in.data_ptr<float>();
  begin.output = pixels.data_ptr<float>();
  begin.batch = x.size(0);
  begin.height = x.size(2);
  begin.width = x.size(3);
  begin.channels = x.size(1);
  begin.weight = taps_.data_ptr<float>();
  begin.bias = dwconv->bias.data_ptr<float>();
  begin.norm_weight = norm->weight.data_ptr<float>();
  begin.norm_bias = norm->bias.data_ptr<float>();
  begin.eps = static_cast<float>(kEps);
  core::nn::convolve_depthwise(begin, at::get_num_threads());

  // Rows of pixels: LibTorch 1.13 adds a linear layer's bias in a pass of its own where there are more axes.
  const auto rows = pixels.view({-1, x.size(1)});
  auto hidden = torch::addmm(pwconv1->bias, rows, pwconv1->weight.t());
  at::gelu_(hidden);
  hidden = grn->forward_fast(hidden.view({x.size(0), x.size(2), x.size(3), -1})).view({rows.size(0), -1});
  auto y = torch::addmm(pwconv2->bias, hidden, pwconv2->weight.t()).view(pixels.sizes()).permute({0, 3, 1, 2});
  return y.add_(in);
}

torch::Tensor ConvNextBlockImpl::forward(const torch::Tensor& x) {
  const bool training = torch::GradMode::is_enabled() && (x.requires_grad() || dwconv->weight.requires_grad());
  if (taps_.defined() && x.is_cpu() && x.scalar_type() == torch::kFloat && !training) return forward_fast(x);
  auto y = norm->forward(dwconv->forward(x).permute({0, 2, 3, 1}));
  y = pwconv2->forward(grn->forward(torch::gelu(pwconv1->forward(y))));
  return x + y.permute({0, 3, 1, 2});
}

}  // namespace animate::models::liveportrait
