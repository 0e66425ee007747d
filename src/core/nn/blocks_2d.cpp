#include "core/nn/blocks_2d.h"

#include "core/nn/fast_block.h"
#include "core/nn/fast_conv/trained_convolution.h"

namespace animate::core::nn {
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
  if (fast_) return fast_->forward(x);
  if (negative_slope_ == 0) return normalise_relu(norm, convolve(*conv, x));
  const auto y = convolve(*conv, x);
  return torch::leaky_relu(norm.is_empty() ? y : norm->forward(y), negative_slope_);
}

void SameBlock2dImpl::fold() { fold_norm(*this); }

void SameBlock2dImpl::use_fast_convolutions(ConvMode mode) {
  if (conv->weight.size(2) == 3) fast_ = fast_relu(*conv, mode, negative_slope_);
}

DownBlock2dImpl::DownBlock2dImpl(int64_t in, int64_t out) {
  conv = register_module("conv", same_convolution(in, out, 3));
  norm = register_module("norm", BatchNorm2d(out));
}

torch::Tensor DownBlock2dImpl::forward(const torch::Tensor& x) {
  if (fast_) return torch::avg_pool2d(fast_->forward(x), 2);
  return torch::avg_pool2d(normalise_relu(norm, convolve(*conv, x)), 2);
}

void DownBlock2dImpl::fold() { fold_norm(*this); }

void DownBlock2dImpl::use_fast_convolutions(ConvMode mode) { fast_ = fast_relu(*conv, mode); }

UpBlock2dImpl::UpBlock2dImpl(int64_t in, int64_t out) {
  conv = register_module("conv", same_convolution(in, out, 3));
  norm = register_module("norm", BatchNorm2d(out));
}

torch::Tensor UpBlock2dImpl::forward(const torch::Tensor& x) {
  if (fast_) return fast_->forward(x);
  return normalise_relu(norm, convolve_doubled(*conv, x));
}

void UpBlock2dImpl::fold() { fold_norm(*this); }

void UpBlock2dImpl::use_fast_convolutions(ConvMode mode) { fast_ = fast_relu_of_doubled(*conv, mode); }

ResBlock2dImpl::ResBlock2dImpl(int64_t channels) {
  conv1 = register_module("conv1", same_convolution(channels, channels, 3));
  conv2 = register_module("conv2", same_convolution(channels, channels, 3));
  norm1 = register_module("norm1", BatchNorm2d(channels));
  norm2 = register_module("norm2", BatchNorm2d(channels));
}

torch::Tensor ResBlock2dImpl::forward(const torch::Tensor& x) {
  if (fast1_) return fast2_->forward(fast1_->forward(x), x);
  const auto hidden = convolve(*conv1, torch::relu(norm1->forward(x)));
  const auto y = convolve(*conv2, normalise_relu(norm2, hidden));
  return norm2.is_empty() ? y.add_(x) : y + x;
}

void ResBlock2dImpl::fold() {
  if (norm2.is_empty()) return;
  fold_into(*conv1, *norm2);
  unregister_module("norm2");
  norm2 = nullptr;
}

void ResBlock2dImpl::use_fast_convolutions(ConvMode mode) {
  std::tie(fast1_, fast2_) = fast_residual(*conv1, *conv2, *norm1, mode);
}

}  // namespace animate::core::nn
