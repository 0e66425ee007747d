#pragma once

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

#include <cstdint>

namespace animate::core::nn {

// Normalises groups of channels (Wu and He, ECCV 2018), over the pixels of an image or of a whole clip, and applies
// SiLU where asked to. Differentiable; without gradients a kernel of ours on the CPU.
struct GroupNormImpl : torch::nn::Module {
  // `channels` has to be a multiple of `groups`.
  GroupNormImpl(int64_t groups, int64_t channels, double eps);

  // Maps [N, C, H, W] -> the same, channels last; `frames` images that follow each other are normalised together, which
  // divides N.
  torch::Tensor forward(const torch::Tensor& x, int64_t frames = 1) const;
  // The same and SiLU.
  torch::Tensor activated(const torch::Tensor& x, int64_t frames = 1) const;

  double eps() const { return eps_; }
  int64_t groups() const { return groups_; }

  torch::Tensor weight, bias;

 private:
  torch::Tensor normalise(const torch::Tensor& x, int64_t frames) const;

  int64_t groups_;
  double eps_;
};
TORCH_MODULE(GroupNorm);

}  // namespace animate::core::nn
