#pragma once

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

#include <cstdint>

#include "core/nn/geglu.h"
#include "core/nn/group_norm.h"
#include "core/nn/layers.h"
#include "core/nn/time_embedding.h"
#include "models/video_diffusion/attention_layers.h"
#include "models/video_diffusion/res_block.h"

// Attention of a clip: among the pixels of every frame, then among the frames of every pixel
// (models/video_diffusion/README.md#transformer). Rows are [B * T, P, C], P pixels of a frame. Names of submodules are
// the published ones. All are read-only once filled.
namespace animate::models::video_diffusion {

struct SpatialBlockImpl : torch::nn::Module {
  SpatialBlockImpl(int64_t channels, int64_t heads, int64_t token_width);
  // rows [N, P, C], token [N, token_width] -> like rows. Rows that the caller gives away go once they are used.
  torch::Tensor forward(torch::Tensor rows, const torch::Tensor& token) const;

 private:
  core::nn::LayerNorm norm1_{nullptr}, norm2_{nullptr}, norm3_{nullptr};
  SelfAttention attn1_{nullptr};
  TokenAttention attn2_{nullptr};
  core::nn::Geglu ff_{nullptr};
};
TORCH_MODULE(SpatialBlock);

struct TemporalBlockImpl : torch::nn::Module {
  TemporalBlockImpl(int64_t channels, int64_t heads, int64_t token_width);
  // rows [B * frames, P, C], token [B, token_width] -> like rows; the same
  torch::Tensor forward(torch::Tensor rows, const torch::Tensor& token, int64_t frames) const;

 private:
  core::nn::LayerNorm norm_in_{nullptr}, norm1_{nullptr}, norm2_{nullptr}, norm3_{nullptr};
  SelfAttention attn1_{nullptr};
  TokenAttention attn2_{nullptr};
  core::nn::Geglu ff_in_{nullptr}, ff_{nullptr};
};
TORCH_MODULE(TemporalBlock);

struct TransformerForm {
  int64_t channels = 0;
  int64_t heads = 1;
  int64_t token_width = 0;
  int64_t groups = kNormGroups;
  bool temporal = true;  // whether there is a temporal half
};

struct VideoTransformerImpl : torch::nn::Module {
  explicit VideoTransformerImpl(const TransformerForm& form);
  // x [B * frames, C, H, W], token [B * frames, token_width] -> like x. Of the tokens of a clip the temporal half takes
  // the first frame's.
  torch::Tensor forward(const torch::Tensor& x, const torch::Tensor& token, int64_t frames) const;

 private:
  core::nn::GroupNorm norm_{nullptr};
  core::nn::Linear proj_in_{nullptr}, proj_out_{nullptr};
  SpatialBlock spatial_{nullptr};
  TemporalBlock temporal_{nullptr};
  core::nn::TimeEmbedding time_pos_embed_{nullptr};
  TimeMixer time_mixer_{nullptr};
  torch::Tensor among_frames(const torch::Tensor& spatial, const torch::Tensor& token, int64_t frames) const;

  int64_t channels_;
};
TORCH_MODULE(VideoTransformer);

}  // namespace animate::models::video_diffusion
