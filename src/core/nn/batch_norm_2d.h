#pragma once

#include <torch/nn/module.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

namespace animate::core::nn {

// Batch normalisation as the published checkpoints store it (SynchronizedBatchNorm2d of the original, on one device),
// for maps and volumes: eps 1e-5, momentum 0.1. `num_batches_tracked` is stored but never advanced
// (models/fomm/README.md#batch-normalisation).
struct BatchNorm2dImpl : torch::nn::Module {
  explicit BatchNorm2dImpl(int64_t channels);

  // x [B, channels, H, W] or [B, channels, D, H, W]; running statistics in eval mode, those of the batch (and an
  // update) in training mode.
  torch::Tensor forward(const torch::Tensor& x);

  // The same map as y = x * scale + shift, from the running statistics, computed in double: both [channels].
  std::pair<torch::Tensor, torch::Tensor> scale_and_shift() const;

  torch::Tensor weight, bias;                                    // [channels]
  torch::Tensor running_mean, running_var, num_batches_tracked;  // buffers
};
TORCH_MODULE(BatchNorm2d);

// Multiplies a normalisation that directly follows `convolution` into its weights: exact in real arithmetic, about
// 1e-6 relative in float. Not for padding-sensitive orders such as norm -> convolution.
void fold_into(torch::nn::Conv2dImpl& convolution, const BatchNorm2dImpl& norm);
void fold_into(torch::nn::Conv3dImpl& convolution, const BatchNorm2dImpl& norm);

// ReLU(norm(x)), or ReLU(x) in place where the norm was folded away.
torch::Tensor normalise_relu(BatchNorm2d& norm, torch::Tensor x);

// For blocks with the members conv and norm: merges them and drops the norm, once.
template <typename Block>
void fold_norm(Block& block) {
  if (block.norm.is_empty()) return;
  fold_into(*block.conv, *block.norm);
  block.unregister_module("norm");
  block.norm = nullptr;
}

}  // namespace animate::core::nn
