#pragma once

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

#include <vector>

#include "core/nn/group_norm.h"
#include "core/nn/layers.h"
#include "core/nn/time_convolution.h"
#include "models/video_diffusion/config.h"
#include "models/video_diffusion/res_block.h"
#include "models/video_diffusion/vae_layers.h"

namespace animate::models::video_diffusion {

// Latents to frames (models/video_diffusion/README.md#autoencoder), with temporal halves in every residual block:
// frames that are decoded together know of each other, and their norms run over all of them, so how many there are
// changes the result. Names: decoder.…. Without VaeConfig::temporal each is by itself.
// Memory is claimed, not filled. Read-only once filled.
struct VaeDecoderImpl : torch::nn::Module {
  explicit VaeDecoderImpl(const VaeConfig& config);

  // Consecutive latents [T, latent channels, h, w], already divided by the scaling -> frames [T, 3, f * h, f * w],
  // contiguous, about [-1, 1].
  torch::Tensor forward(const torch::Tensor& latents) const;

 private:
  struct Level {
    std::vector<VideoResBlock> resnets;
    std::shared_ptr<torch::nn::Module> upsampler;
    core::nn::Convolution up{nullptr};  // empty in the finest level
  };

  core::nn::Convolution conv_in_{nullptr}, conv_out_{nullptr};
  VideoResBlock first_{nullptr}, second_{nullptr};
  PixelAttention attention_{nullptr};
  std::vector<Level> levels_;
  core::nn::GroupNorm conv_norm_out_{nullptr};
  core::nn::TimeConvolution time_conv_out_{nullptr};
};
TORCH_MODULE(VaeDecoder);

}  // namespace animate::models::video_diffusion
