#pragma once

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

#include <vector>

#include "core/nn/time_embedding.h"
#include "models/video_diffusion/config.h"
#include "models/video_diffusion/unet_blocks.h"

namespace animate::models::video_diffusion {

// The denoiser of Stable Video Diffusion (models/video_diffusion/README.md#unet; Ronneberger et al., MICCAI 2015;
// Blattmann et al., 2023). Its memory is claimed, not filled: fill it by load_network() or core::nn::fill_randomly().
// Read-only then, and safe to call from several threads.
struct VideoUnetImpl : torch::nn::Module {
  explicit VideoUnetImpl(const UnetConfig& config);

  // sample [B, T, in_channels, h, w]; time: what the sampler's step says, one number; token [B, token_width]; ids [B,
  // 3]
  // -> [B, T, out_channels, h, w], contiguous. h and w are any: the way up goes back to the sizes of the way down.
  torch::Tensor forward(const torch::Tensor& sample, double time, const torch::Tensor& token,
                        const torch::Tensor& ids) const;

  const UnetConfig& config() const { return config_; }

 private:
  torch::Tensor embedding(double time, const torch::Tensor& ids, const torch::Tensor& like) const;

  UnetConfig config_;
  core::nn::TimeEmbedding time_embedding_{nullptr}, add_embedding_{nullptr};
  core::nn::Convolution conv_in_{nullptr}, conv_out_{nullptr};
  std::vector<DownLevel> down_;
  Middle middle_{nullptr};
  std::vector<UpLevel> up_;
  core::nn::GroupNorm conv_norm_out_{nullptr};
};
TORCH_MODULE(VideoUnet);

}  // namespace animate::models::video_diffusion
