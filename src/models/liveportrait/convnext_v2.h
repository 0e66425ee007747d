#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/container/modulelist.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/linear.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

#include "core/nn/inference_block.h"

namespace animate::models::liveportrait {

// The blocks of ConvNeXt V2 (Woo et al., CVPR 2023; models/liveportrait/README.md#motion-extractor). Channels last
// inside a block.

// Normalises over the channels: the last axis of [B, H, W, C] or [B, C]; eps 1e-6.
struct LayerNormImpl : torch::nn::Module {
  explicit LayerNormImpl(int64_t channels);
  torch::Tensor forward(const torch::Tensor& x);
  // The same over axis 1 of [B, C, H, W].
  torch::Tensor forward_maps(const torch::Tensor& x);

  torch::Tensor weight, bias;  // [C]
};
TORCH_MODULE(LayerNorm);

// Global response normalisation of [B, H, W, C]: channels compete by their norm over the picture.
struct GlobalResponseNormImpl : torch::nn::Module {
  explicit GlobalResponseNormImpl(int64_t channels);
  torch::Tensor forward(const torch::Tensor& x);
  // The same of floats on the CPU, without gradients: norms in one pass over memory, the rest in a second one.
  torch::Tensor forward_fast(const torch::Tensor& x) const;

  torch::Tensor gamma, beta;  // [1, 1, 1, C]
};
TORCH_MODULE(GlobalResponseNorm);

// x + pwconv2(GRN(GELU(pwconv1(LN(dwconv(x)))))); [B, C, H, W] -> the same
class ConvNextBlockImpl : public torch::nn::Module, public core::nn::InferenceBlock {
 public:
  explicit ConvNextBlockImpl(int64_t channels);
  torch::Tensor forward(const torch::Tensor& x);

  // Computes by kernels of our own where they take the channels; `mode` Direct: by LibTorch's layers again.
  void use_fast_convolutions(core::nn::ConvMode mode) override;

  torch::nn::Conv2d dwconv{nullptr};
  LayerNorm norm{nullptr};
  torch::nn::Linear pwconv1{nullptr};
  GlobalResponseNorm grn{nullptr};
  torch::nn::Linear pwconv2{nullptr};

 private:
  torch::Tensor forward_fast(const torch::Tensor& x) const;

  torch::Tensor taps_;  // [7, 7, C], dwconv's weight as the kernel reads it; undefined: LibTorch's layers
};
TORCH_MODULE(ConvNextBlock);

}  // namespace animate::models::liveportrait
