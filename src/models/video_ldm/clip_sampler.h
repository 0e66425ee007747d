#pragma once

#include <torch/types.h>

#include <cstdint>
#include <functional>

#include "diffusion/sampler_plan.h"
#include "models/video_ldm/denoiser.h"

namespace animate::models::video_ldm {

// Our networks learn their noise levels around these; above, a clip is noise, below, what is left of it is not seen.
inline constexpr diffusion::SigmaRange kSigmas{80, 0.01};

// How noise becomes latents.
struct Sampling {
  int64_t steps = 20;
  diffusion::SamplerKind sampler = diffusion::SamplerKind::DpmPlusPlus;
  // F + (s - 1) (F - F without the condition), for each of the two that is above 1 a call more (Ho and Salimans, 2022;
  // for the context Blattmann et al., CVPR 2023, equation 4).
  double label_guidance = 1;
  double context_guidance = 1;
  // Normal noise of a shape; the first latents, then what the sampler's steps draw.
  std::function<torch::Tensor(at::IntArrayRef shape)> draw;
  // Asked after every step: false stops.
  std::function<bool()> goes_on = [] { return true; };
};

// Latents [B, T, c, h, w] of mean 0 and deviation 1, by these conditions. Frames that the context knows are as the
// network paints them. Throws Error(Model) for latents that are not finite.
torch::Tensor sampled(const video_diffusion::VideoUnetImpl& unet, at::IntArrayRef shape, const Told& told,
                      const Sampling& sampling);

// A run of a chain: B clips of T frames of which the first are `known` [B, S, c, h, w], S from 1 to T - 1 -> the T - S
// that follow.
torch::Tensor predicted(const video_diffusion::VideoUnetImpl& unet, const torch::Tensor& known, int64_t frames,
                        const torch::Tensor& token, const Sampling& sampling);

// Between consecutive frames of one clip [T, c, h, w] three more: -> [4 (T - 1) + 1, c, h, w]. `regime` as in Told.
torch::Tensor interpolated(const video_diffusion::VideoUnetImpl& unet, const torch::Tensor& keys,
                           const torch::Tensor& token, double regime, const Sampling& sampling);

}  // namespace animate::models::video_ldm
