#pragma once

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

#include <cstdint>

#include "core/nn/group_norm.h"
#include "core/nn/norm_groups.h"
#include "models/video_diffusion/attention_layers.h"

namespace animate::models::video_diffusion {

// eps of every norm of the autoencoder but those of its temporal halves (models/video_diffusion/README.md#eps).
inline constexpr double kVaeEps = 1e-6;
inline constexpr double kVaeTimeEps = 1e-5;

// Attention among all pixels of a map with one head, residual: maps [N, C, H, W] -> the same. Names: group_norm, and
// those of SelfAttention.
struct PixelAttentionImpl : SelfAttentionImpl {
  explicit PixelAttentionImpl(int64_t channels, int64_t groups = core::nn::kNormGroups);
  torch::Tensor forward(const torch::Tensor& x) const;

 private:
  core::nn::GroupNorm group_norm_{nullptr};
};
TORCH_MODULE(PixelAttention);

}  // namespace animate::models::video_diffusion
