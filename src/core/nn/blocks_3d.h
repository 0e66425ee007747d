#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

#include "core/nn/batch_norm_2d.h"
#include "core/nn/inference_block.h"

// The blocks of blocks_2d.h for feature volumes [B, C, D, H, W] (models/liveportrait/README.md#networks). Depth is
// never scaled. Names, fold() and thread-safety as there.
namespace animate::core::nn {

// conv 3 x 3 x 3 -> norm -> ReLU -> average pool 1 x 2 x 2; [B, in, D, H, W] -> [B, out, D, H / 2, W / 2]
struct DownBlock3dImpl : torch::nn::Module, InferenceBlock {
  DownBlock3dImpl(int64_t in, int64_t out);
  torch::Tensor forward(const torch::Tensor& x);
  void fold() override;
  void use_fast_convolutions(ConvMode mode) override;

  torch::nn::Conv3d conv{nullptr};
  BatchNorm2d norm{nullptr};

 private:
  std::shared_ptr<const FastConvolution> fast_;  // after use_fast_convolutions()
};
TORCH_MODULE(DownBlock3d);

// nearest x2 in the plane -> conv 3 x 3 x 3 -> norm -> ReLU; [B, in, D, H, W] -> [B, out, D, 2H, 2W]
struct UpBlock3dImpl : torch::nn::Module, InferenceBlock {
  UpBlock3dImpl(int64_t in, int64_t out);
  torch::Tensor forward(const torch::Tensor& x);
  void fold() override;
  void use_fast_convolutions(ConvMode mode) override;

  torch::nn::Conv3d conv{nullptr};
  BatchNorm2d norm{nullptr};

 private:
  std::shared_ptr<const FastConvolution> fast_;  // after use_fast_convolutions()
};
TORCH_MODULE(UpBlock3d);

// Pre-activation residual block: x + conv2(ReLU(norm2(conv1(ReLU(norm1(x)))))); only norm2 can be folded.
struct ResBlock3dImpl : torch::nn::Module, InferenceBlock {
  explicit ResBlock3dImpl(int64_t channels);
  torch::Tensor forward(const torch::Tensor& x);
  void fold() override;
  void use_fast_convolutions(ConvMode mode) override;

  torch::nn::Conv3d conv1{nullptr}, conv2{nullptr};
  BatchNorm2d norm1{nullptr}, norm2{nullptr};

 private:
  std::shared_ptr<const FastConvolution> fast1_, fast2_;  // after use_fast_convolutions()
};
TORCH_MODULE(ResBlock3d);

// A convolution k x k x k that keeps the volume's size.
torch::nn::Conv3d same_convolution_3d(int64_t in, int64_t out, int64_t kernel);

}  // namespace animate::core::nn
