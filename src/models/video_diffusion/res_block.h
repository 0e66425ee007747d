#pragma once

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

#include <cstdint>

#include "core/nn/group_norm.h"
#include "core/nn/layers.h"
#include "core/nn/norm_groups.h"
#include "core/nn/time_convolution.h"

// Residual blocks of images and of clips (models/video_diffusion/README.md#residual-blocks). Maps are [N, C, H, W] with
// the channels last; of clips N = B * T, a clip's frames one after the other. Names of submodules are the published
// ones. All are read-only once filled.
namespace animate::models::video_diffusion {

using core::nn::kNormGroups;

struct ResBlockForm {
  int64_t in = 0;
  int64_t out = 0;
  int64_t embedding = 0;   // width of the time embedding; 0: the block has none, as in the autoencoder
  double eps = 1e-6;       // of both norms of the spatial half
  double time_eps = 1e-6;  // of both norms of the temporal half
  // What sigmoid(mix_factor) multiplies: the spatial half, or (in the decoder) the temporal one.
  bool mixes_time = false;
  int64_t groups = kNormGroups;
  bool temporal = true;  // whether there is a temporal half
  int64_t context = 0;   // channels of the context that the temporal half is shown; 0: none
};

// norm -> SiLU -> 3x3 -> + embedding -> norm -> SiLU -> 3x3 -> + x, which a 1x1 brings to the channels where they
// differ.
struct SpatialResBlockImpl : torch::nn::Module {
  explicit SpatialResBlockImpl(const ResBlockForm& form);
  // x [N, in, H, W], embedding [N, E] or undefined -> [N, out, H, W]
  torch::Tensor forward(const torch::Tensor& x, const torch::Tensor& embedding) const;

 private:
  core::nn::GroupNorm norm1_{nullptr}, norm2_{nullptr};
  core::nn::Convolution conv1_{nullptr}, conv2_{nullptr}, conv_shortcut_{nullptr};
  core::nn::Linear time_emb_proj_{nullptr};
};
TORCH_MODULE(SpatialResBlock);

// The same along the frames, with kernels (3, 1, 1) and norms over a whole clip.
struct TemporalResBlockImpl : torch::nn::Module {
  explicit TemporalResBlockImpl(const ResBlockForm& form);
  // x [B * frames, out, H, W], embedding [B * frames, E] or undefined, context [B * frames, context, H, W] where the
  // form has one -> like x
  torch::Tensor forward(const torch::Tensor& x, const torch::Tensor& embedding, int64_t frames,
                        const torch::Tensor& context = {}) const;

 private:
  core::nn::GroupNorm norm1_{nullptr}, norm2_{nullptr};
  core::nn::TimeConvolution conv1_{nullptr}, conv2_{nullptr};
  core::nn::Linear time_emb_proj_{nullptr};
  core::nn::Convolution context_proj_{nullptr};
};
TORCH_MODULE(TemporalResBlock);

// How much of the spatial half there is in a mix: one number a block, learned.
struct TimeMixerImpl : torch::nn::Module {
  explicit TimeMixerImpl(bool mixes_time);
  torch::Tensor forward(const torch::Tensor& spatial, const torch::Tensor& temporal) const;

  torch::Tensor mix_factor;

 private:
  bool mixes_time_;
};
TORCH_MODULE(TimeMixer);

// Both halves and their mix.
struct VideoResBlockImpl : torch::nn::Module {
  explicit VideoResBlockImpl(const ResBlockForm& form);
  // x [B * frames, in, H, W], embedding [B * frames, E] or undefined -> [B * frames, out, H, W]. With frames = 0 the
  // images have nothing to do with each other, and the temporal half is left out. context as for that half.
  torch::Tensor forward(const torch::Tensor& x, const torch::Tensor& embedding, int64_t frames,
                        const torch::Tensor& context = {}) const;

 private:
  SpatialResBlock spatial_res_block_{nullptr};
  TemporalResBlock temporal_res_block_{nullptr};
  TimeMixer time_mixer_{nullptr};
};
TORCH_MODULE(VideoResBlock);

}  // namespace animate::models::video_diffusion
