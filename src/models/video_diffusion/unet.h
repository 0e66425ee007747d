#pragma once

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

#include <vector>

#include "core/nn/time_embedding.h"
#include "models/video_diffusion/config.h"
#include "models/video_diffusion/unet_blocks.h"

namespace animate::models::video_diffusion {

// What the UNet is given. B clips of T frames.
struct UnetInput {
  torch::Tensor sample;   // [B, T, in_channels, h, w]
  torch::Tensor times;    // [B], float: what each clip's noise level is told as
  torch::Tensor token;    // [B, token_width]
  torch::Tensor ids;      // [B, ids]
  torch::Tensor context;  // [B, T, latent channels + 1, h, w] where the config has a context_width: known frames'
                          // latents, 0 for the others, and 1 where a frame is known
};

// The denoiser of Stable Video Diffusion (models/video_diffusion/README.md#unet; Ronneberger et al., MICCAI 2015;
// Blattmann et al., 2023). Its memory is claimed, not filled: fill it by load_network() or core::nn::fill_randomly().
// Read-only then, and safe to call from several threads.
struct VideoUnetImpl : torch::nn::Module {
  explicit VideoUnetImpl(const UnetConfig& config);

  // -> [B, T, out_channels, h, w], contiguous, differentiable where parameters want gradients. h and w are any: the way
  // up goes back to the sizes of the way down.
  torch::Tensor forward(const UnetInput& input) const;
  // sample [B, T, in_channels, h, w]; time: what the sampler's step says, one number; token [B, token_width]; ids [B,
  // 3]
  // -> [B, T, out_channels, h, w], contiguous. h and w are any: the way up goes back to the sizes of the way down.
  torch::Tensor forward(const torch::Tensor& sample, double time, const torch::Tensor& token,
                        const torch::Tensor& ids) const;

  const UnetConfig& config() const { return config_; }

 private:
  torch::Tensor embedding(const torch::Tensor& times, const torch::Tensor& ids, const torch::Tensor& like) const;
  std::vector<torch::Tensor> context_maps(const torch::Tensor& context) const;

  UnetConfig config_;
  core::nn::TimeEmbedding time_embedding_{nullptr}, add_embedding_{nullptr};
  core::nn::Convolution conv_in_{nullptr}, conv_out_{nullptr};
  std::vector<DownLevel> down_;
  Middle middle_{nullptr};
  std::vector<UpLevel> up_;
  core::nn::GroupNorm conv_norm_out_{nullptr};
  std::vector<core::nn::Convolution> context_embedding_;  // one a level, the finest first; empty without context
};
TORCH_MODULE(VideoUnet);

}  // namespace animate::models::video_diffusion
