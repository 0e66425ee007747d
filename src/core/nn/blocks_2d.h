#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

#include "core/nn/batch_norm_2d.h"
#include "core/nn/inference_block.h"

// The building blocks of FOMM (models/fomm/README.md#building-blocks), shared by every family. Submodule names are
// those of the published state dicts. fold() merges batch normalisation into the convolution before it, once, after
// loading and eval(): folded blocks compute the same map with fewer passes over memory. A block is safe to call from
// several threads once folded or in eval mode.
namespace animate::core::nn {

// conv k x k (padding (k - 1) / 2) -> norm -> ReLU, leaky where a slope is given; [B, in, H, W] -> [B, out, H, W]
struct SameBlock2dImpl : torch::nn::Module, InferenceBlock {
  SameBlock2dImpl(int64_t in, int64_t out, int64_t kernel, double negative_slope = 0);
  torch::Tensor forward(const torch::Tensor& x);
  void fold() override;
  void use_fast_convolutions(ConvMode mode) override;

  torch::nn::Conv2d conv{nullptr};
  BatchNorm2d norm{nullptr};

 private:
  std::shared_ptr<const FastConvolution> fast_;  // after use_fast_convolutions()
  double negative_slope_;
};
TORCH_MODULE(SameBlock2d);

// conv 3 x 3 -> norm -> ReLU -> average pool 2 x 2 (an odd last row or column is dropped);
// [B, in, H, W] -> [B, out, H / 2, W / 2]
struct DownBlock2dImpl : torch::nn::Module, InferenceBlock {
  DownBlock2dImpl(int64_t in, int64_t out);
  torch::Tensor forward(const torch::Tensor& x);
  void fold() override;
  void use_fast_convolutions(ConvMode mode) override;

  torch::nn::Conv2d conv{nullptr};
  BatchNorm2d norm{nullptr};

 private:
  std::shared_ptr<const FastConvolution> fast_;  // after use_fast_convolutions()
};
TORCH_MODULE(DownBlock2d);

// nearest x2 -> conv 3 x 3 -> norm -> ReLU; [B, in, H, W] -> [B, out, 2H, 2W]
struct UpBlock2dImpl : torch::nn::Module, InferenceBlock {
  UpBlock2dImpl(int64_t in, int64_t out);
  torch::Tensor forward(const torch::Tensor& x);
  void fold() override;
  void use_fast_convolutions(ConvMode mode) override;

  torch::nn::Conv2d conv{nullptr};
  BatchNorm2d norm{nullptr};

 private:
  std::shared_ptr<const FastConvolution> fast_;  // after use_fast_convolutions()
};
TORCH_MODULE(UpBlock2d);

// Pre-activation residual block: x + conv2(ReLU(norm2(conv1(ReLU(norm1(x)))))); [B, c, H, W] -> the same.
// Only norm2 follows a convolution and can be folded; norm1 becomes one multiply-add.
struct ResBlock2dImpl : torch::nn::Module, InferenceBlock {
  explicit ResBlock2dImpl(int64_t channels);
  torch::Tensor forward(const torch::Tensor& x);
  void fold() override;
  void use_fast_convolutions(ConvMode mode) override;

  torch::nn::Conv2d conv1{nullptr}, conv2{nullptr};
  BatchNorm2d norm1{nullptr}, norm2{nullptr};

 private:
  std::shared_ptr<const FastConvolution> fast1_, fast2_;  // after use_fast_convolutions()
};
TORCH_MODULE(ResBlock2d);

}  // namespace animate::core::nn
