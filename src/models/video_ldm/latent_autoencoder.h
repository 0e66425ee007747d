#pragma once

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

#include "models/video_diffusion/vae_decoder.h"
#include "models/video_diffusion/vae_encoder.h"

namespace animate::models::video_ldm {

// The autoencoder with the numbers that bring its latents to mean 0 and deviation 1, channel by channel: where noise
// levels begin (models/video_ldm/README.md#autoencoder). Names: encoding.…, decoding.…, mean and deviation. Read-only
// once filled, but for training.
struct LatentAutoencoderImpl : torch::nn::Module {
  explicit LatentAutoencoderImpl(const video_diffusion::VaeConfig& config);

  // Pictures [N, 3, H, W] in [0, 1] -> latents [N, c, H / f, W / f] of mean 0 and deviation 1: the likeliest ones.
  torch::Tensor encode(const torch::Tensor& pictures) const;
  // And back, cut to [0, 1].
  torch::Tensor decode(const torch::Tensor& latents) const;
  // Takes mean and deviation from the latents of these pictures, which may be many: `all` in [0, 1].
  void measure(const torch::Tensor& all);

  video_diffusion::VaeEncoder encoding{nullptr};
  video_diffusion::VaeDecoder decoding{nullptr};
  torch::Tensor mean, deviation;  // [c]
};
TORCH_MODULE(LatentAutoencoder);

// Pictures in [0, 1] as the autoencoder's networks see them, in [-1, 1].
inline torch::Tensor to_signed(const torch::Tensor& pictures) { return pictures * 2 - 1; }

}  // namespace animate::models::video_ldm
