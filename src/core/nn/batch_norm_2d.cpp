#include "core/nn/batch_norm_2d.h"

namespace animate::core::nn {
namespace {
constexpr double kEps = 1e-5;
constexpr double kMomentum = 0.1;

// In place: a copy of the largest weight would be the peak of loading.
void scale_weights(torch::Tensor& weight, torch::Tensor& bias, const BatchNorm2dImpl& norm) {
  const torch::NoGradGuard no_grad;
  const auto [scale, shift] = norm.scale_and_shift();
  const auto type = weight.scalar_type();
  weight.flatten(1).mul_(scale.to(type).unsqueeze(1));
  bias.copy_((bias.to(torch::kFloat64) * scale + shift).to(type));
}

}  // namespace

BatchNorm2dImpl::BatchNorm2dImpl(int64_t channels) {
  weight = register_parameter("weight", torch::ones({channels}));
  bias = register_parameter("bias", torch::zeros({channels}));
  running_mean = register_buffer("running_mean", torch::zeros({channels}));
  running_var = register_buffer("running_var", torch::ones({channels}));
  num_batches_tracked = register_buffer("num_batches_tracked", torch::zeros({}, torch::kInt64));
}

torch::Tensor BatchNorm2dImpl::forward(const torch::Tensor& x) {
  return torch::batch_norm(x, weight, bias, running_mean, running_var, is_training(), kMomentum, kEps,
                           /*cudnn_enabled=*/true);
}

std::pair<torch::Tensor, torch::Tensor> BatchNorm2dImpl::scale_and_shift() const {
  const auto scale = weight.to(torch::kFloat64) * (running_var.to(torch::kFloat64) + kEps).rsqrt();
  const auto shift = bias.to(torch::kFloat64) - running_mean.to(torch::kFloat64) * scale;
  return {scale, shift};
}

void fold_into(torch::nn::Conv2dImpl& convolution, const BatchNorm2dImpl& norm) {
  scale_weights(convolution.weight, convolution.bias, norm);
}

void fold_into(torch::nn::Conv3dImpl& convolution, const BatchNorm2dImpl& norm) {
  scale_weights(convolution.weight, convolution.bias, norm);
}

torch::Tensor normalise_relu(BatchNorm2d& norm, torch::Tensor x) {
  if (norm.is_empty()) return torch::relu_(x);
  return torch::relu(norm->forward(x));
}

}  // namespace animate::core::nn
