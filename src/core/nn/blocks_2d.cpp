#include "core/nn/blocks_2d.h"

#include "core/nn/blocks_3d.h"
#include "core/nn/hourglass_3d.h"

namespace animate::nn {
namespace {

torch::nn::Conv2d same_convolution(int64_t in, int64_t out, int64_t kernel) {
  return torch::nn::Conv2d(torch::nn::Conv2dOptions(in, out, kernel).padding((kernel - 1) / 2));
}

}  // namespace

SameBlock2dImpl::SameBlock2dImpl(int64_t in, int64_t out, int64_t kernel, double negative_slope)
    : negative_slope_(negative_slope) {
  conv = register_module("conv", same_convolution(in, out, kernel));
  norm = register_module("norm", BatchNorm2d(out));
}

torch::Tensor SameBlock2dImpl::forward(const torch::Tensor& x) {
  if (negative_slope_ == 0) return normalise_relu(norm, conv->forward(x));
  const auto y = conv->forward(x);
  return torch::leaky_relu(norm.is_empty() ? y : norm->forward(y), negative_slope_);
}

void SameBlock2dImpl::fold() { fold_norm(*this); }

DownBlock2dImpl::DownBlock2dImpl(int64_t in, int64_t out) {
  conv = register_module("conv", same_convolution(in, out, 3));
  norm = register_module("norm", BatchNorm2d(out));
}

torch::Tensor DownBlock2dImpl::forward(const torch::Tensor& x) {
  return torch::avg_pool2d(normalise_relu(norm, conv->forward(x)), 2);
}

void DownBlock2dImpl::fold() { fold_norm(*this); }

UpBlock2dImpl::UpBlock2dImpl(int64_t in, int64_t out) {
  conv = register_module("conv", same_convolution(in, out, 3));
  norm = register_module("norm", BatchNorm2d(out));
}

torch::Tensor UpBlock2dImpl::forward(const torch::Tensor& x) {
  const auto large = torch::upsample_nearest2d(x, {x.size(2) * 2, x.size(3) * 2});
  return normalise_relu(norm, conv->forward(large));
}

void UpBlock2dImpl::fold() { fold_norm(*this); }

ResBlock2dImpl::ResBlock2dImpl(int64_t channels) {
  conv1 = register_module("conv1", same_convolution(channels, channels, 3));
  conv2 = register_module("conv2", same_convolution(channels, channels, 3));
  norm1 = register_module("norm1", BatchNorm2d(channels));
  norm2 = register_module("norm2", BatchNorm2d(channels));
}

torch::Tensor ResBlock2dImpl::forward(const torch::Tensor& x) {
  const auto hidden = conv1->forward(torch::relu(norm1->forward(x)));
  const auto y = conv2->forward(normalise_relu(norm2, hidden));
  return norm2.is_empty() ? y.add_(x) : y + x;
}

void ResBlock2dImpl::fold() {
  if (norm2.is_empty()) return;
  fold_into(*conv1, *norm2);
  unregister_module("norm2");
  norm2 = nullptr;
}

void fold_batch_norm(torch::nn::Module& module) {
  if (auto* same = module.as<SameBlock2d>()) same->fold();
  if (auto* down = module.as<DownBlock2d>()) down->fold();
  if (auto* up = module.as<UpBlock2d>()) up->fold();
  if (auto* res = module.as<ResBlock2d>()) res->fold();
  if (auto* down = module.as<DownBlock3d>()) down->fold();
  if (auto* up = module.as<UpBlock3d>()) up->fold();
  if (auto* res = module.as<ResBlock3d>()) res->fold();
  if (auto* hourglass = module.as<Hourglass3d>()) hourglass->fold();
  for (const auto& child : module.children()) fold_batch_norm(*child);
}

}  // namespace animate::nn
