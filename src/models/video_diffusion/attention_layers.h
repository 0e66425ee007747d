#pragma once

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "core/nn/layers.h"

namespace animate::models::video_diffusion {

// Attention of a sequence to itself, among the pixels of an image or the frames of a pixel
// (models/video_diffusion/README.md#attention). Names: to_q, to_k, to_v without bias, to_out.0 with one.
struct SelfAttentionImpl : torch::nn::Module {
  // `channels` is a multiple of `heads`; `biased` is for the autoencoder, whose three projections have one, too.
  SelfAttentionImpl(int64_t channels, int64_t heads, bool biased = false);

  // Among the pixels: rows [N, P, C] -> the same shape. One image after the other: queries, keys and values are there
  // of one only.
  torch::Tensor among_pixels(const torch::Tensor& rows) const;
  // Among the frames, of every pixel by itself: rows [B * frames, P, C] -> the same shape. A block of pixels after the
  // other.
  torch::Tensor among_frames(const torch::Tensor& rows, int64_t frames) const;

 private:
  torch::Tensor attend(const torch::Tensor& sequences) const;

  int64_t heads_;
  core::nn::Linear to_q_{nullptr}, to_k_{nullptr}, to_v_{nullptr}, to_out_{nullptr};
};
TORCH_MODULE(SelfAttention);

// Attention to a single token: softmax over one key is 1 whatever the query, so the result is to_out(to_v(token)), the
// same for every pixel. Exact, and two small products in place of attention; to_q and to_k stay in the file.
struct TokenAttentionImpl : torch::nn::Module, core::nn::UnreadArrays {
  TokenAttentionImpl(int64_t channels, int64_t token_width);

  // token [N, token_width] -> [N, C]
  torch::Tensor forward(const torch::Tensor& token) const;
  std::vector<Array> unread() const override;

 private:
  core::nn::Linear to_v_{nullptr}, to_out_{nullptr};
};
TORCH_MODULE(TokenAttention);

}  // namespace animate::models::video_diffusion
