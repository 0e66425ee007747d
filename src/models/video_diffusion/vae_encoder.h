#pragma once

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

#include <vector>

#include "core/nn/group_norm.h"
#include "core/nn/layers.h"
#include "models/video_diffusion/config.h"
#include "models/video_diffusion/res_block.h"
#include "models/video_diffusion/vae_layers.h"

namespace animate::models::video_diffusion {

// Pictures to latents (models/video_diffusion/README.md#autoencoder), one picture at a time: the autoencoder of Stable
// Diffusion. Names: encoder.… and quant_conv. Memory is claimed, not filled. Read-only once filled.
struct VaeEncoderImpl : torch::nn::Module {
  explicit VaeEncoderImpl(const VaeConfig& config);

  // Pictures [N, 3, H, W] in [-1, 1], H and W multiples of the factor -> [N, 2 * latent channels, H / f, W / f]: mean,
  // then the logarithm of the variance.
  torch::Tensor moments(const torch::Tensor& pictures) const;
  // The mean, which is the likeliest latent: [N, latent channels, H / f, W / f], contiguous. Not scaled.
  torch::Tensor mode(const torch::Tensor& pictures) const;

 private:
  struct Level {
    std::vector<SpatialResBlock> resnets;
    std::shared_ptr<torch::nn::Module> downsampler;
    core::nn::Convolution down{nullptr};  // empty in the coarsest level
  };

  core::nn::Convolution conv_in_{nullptr}, conv_out_{nullptr}, quant_conv_{nullptr};
  std::vector<Level> levels_;
  SpatialResBlock first_{nullptr}, second_{nullptr};
  PixelAttention attention_{nullptr};
  core::nn::GroupNorm conv_norm_out_{nullptr};
};
TORCH_MODULE(VaeEncoder);

}  // namespace animate::models::video_diffusion
