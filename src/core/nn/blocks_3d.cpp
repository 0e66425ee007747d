#include "core/nn/blocks_3d.h"

#include "core/nn/fast_block.h"

namespace animate::core::nn {
namespace {

// Depth planes are pooled as maps: the same numbers as a 1 x 2 x 2 pool, and in every element type.
torch::Tensor pool_planes(const torch::Tensor& x) {
  const auto planes = x.transpose(1, 2);
  const auto pooled = torch::avg_pool2d(planes.flatten(0, 1), 2);
  return pooled.unflatten(0, {planes.size(0), planes.size(1)}).transpose(1, 2);
}

}  // namespace

torch::nn::Conv3d same_convolution_3d(int64_t in, int64_t out, int64_t kernel) {
  return torch::nn::Conv3d(torch::nn::Conv3dOptions(in, out, kernel).padding((kernel - 1) / 2));
}

DownBlock3dImpl::DownBlock3dImpl(int64_t in, int64_t out) {
  conv = register_module("conv", same_convolution_3d(in, out, 3));
  norm = register_module("norm", BatchNorm2d(out));
}

torch::Tensor DownBlock3dImpl::forward(const torch::Tensor& x) {
  if (fast_) return pool_planes(fast_->forward(x));
  return pool_planes(normalise_relu(norm, conv->forward(x)));
}

void DownBlock3dImpl::fold() { fold_norm(*this); }

void DownBlock3dImpl::use_fast_convolutions(ConvMode mode) { fast_ = fast_relu(*conv, mode); }

UpBlock3dImpl::UpBlock3dImpl(int64_t in, int64_t out) {
  conv = register_module("conv", same_convolution_3d(in, out, 3));
  norm = register_module("norm", BatchNorm2d(out));
}

torch::Tensor UpBlock3dImpl::forward(const torch::Tensor& x) {
  if (fast_) return fast_->forward(x);
  const auto large = torch::upsample_nearest3d(x, {x.size(2), x.size(3) * 2, x.size(4) * 2});
  return normalise_relu(norm, conv->forward(large));
}

void UpBlock3dImpl::fold() { fold_norm(*this); }

void UpBlock3dImpl::use_fast_convolutions(ConvMode mode) { fast_ = fast_relu_of_doubled(*conv, mode); }

ResBlock3dImpl::ResBlock3dImpl(int64_t channels) {
  conv1 = register_module("conv1", same_convolution_3d(channels, channels, 3));
  conv2 = register_module("conv2", same_convolution_3d(channels, channels, 3));
  norm1 = register_module("norm1", BatchNorm2d(channels));
  norm2 = register_module("norm2", BatchNorm2d(channels));
}

torch::Tensor ResBlock3dImpl::forward(const torch::Tensor& x) {
  if (fast1_) return fast2_->forward(fast1_->forward(x), x);
  const auto hidden = conv1->forward(torch::relu(norm1->forward(x)));
  return conv2->forward(normalise_relu(norm2, hidden)) + x;
}

void ResBlock3dImpl::fold() {
  if (norm2.is_empty()) return;
  fold_into(*conv1, *norm2);
  unregister_module("norm2");
  norm2 = nullptr;
}

void ResBlock3dImpl::use_fast_convolutions(ConvMode mode) {
  std::tie(fast1_, fast2_) = fast_residual(*conv1, *conv2, *norm1, mode);
}

}  // namespace animate::core::nn
