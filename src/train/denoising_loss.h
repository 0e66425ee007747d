#pragma once

#include <torch/types.h>

#include <cstdint>

#include "models/video_ldm/config.h"
#include "models/video_ldm/denoiser.h"
#include "train/ldm_config.h"

namespace animate::train {

// E[w(sigma) · (D(z + sigma · noise; sigma) - z)²] (Karras et al., NeurIPS 2022, equation 2): clean latents and noise
// [B, T, c, h, w], sigma [B] -> a scalar.
torch::Tensor denoising_loss(const models::video_diffusion::VideoUnetImpl& unet, const torch::Tensor& latents,
                             const torch::Tensor& noise, const torch::Tensor& sigma,
                             const models::video_ldm::Told& told);

// Noise levels of a step, [count], normal in the logarithm. From LibTorch's own generator.
torch::Tensor drawn_sigmas(const LdmTrainConfig& config, int64_t count);

// Which frames are known, [B, T], 1 or 0. In the stage prediction the first S, S drawn from the config's; in the stage
// interpolation both ends. A share `drop` of the clips has none.
torch::Tensor drawn_masks(const LdmTrainConfig& config, int64_t count, uint64_t seed, int64_t step);
// The first `known` frames, or both ends where the stage interpolates.
torch::Tensor context_mask(const LdmTrainConfig& config, int64_t count, int64_t known);

// What a clip is guessed to be without a network, from its known frames: `known` = the last known one again and again
// (prediction), or known ends dissolved into each other (interpolation). Latents [B, T, c, h, w] -> the same.
torch::Tensor trivial_guess(const LdmTrainConfig& config, const torch::Tensor& latents, int64_t known);

}  // namespace animate::train
