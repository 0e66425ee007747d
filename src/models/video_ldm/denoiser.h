#pragma once

#include <torch/types.h>

#include "models/video_diffusion/unet.h"

namespace animate::models::video_ldm {

// What a UNet is told beside the noisy latents. B clips of T frames.
struct Told {
  torch::Tensor token;    // [B, labels + 1]: label_tokens()
  torch::Tensor regime;   // [B, 1]: how dense the frames lie, 0 for T -> 4 T, 1 for 4 T -> 16 T
  torch::Tensor context;  // [B, T, c + 1, h, w]: context_of(); undefined for networks without
};

// The clean latents that the network sees in z + sigma · noise, both of deviation 1 (Karras et al., NeurIPS 2022, with
// sigma_data = 1; models/video_ldm/README.md#noise): D = x / (sigma² + 1) - sigma / sqrt(sigma² + 1) F(x / sqrt(sigma²
// + 1); ln(sigma) / 4). x [B, T, c, h, w], sigma [B] -> like x, differentiable.
torch::Tensor denoised(const video_diffusion::VideoUnetImpl& unet, const torch::Tensor& x, const torch::Tensor& sigma,
                       const Told& told);

// Weights of the squared error at these levels, [B] -> [B]: (sigma² + 1) / sigma², which makes all levels alike.
torch::Tensor loss_weight(const torch::Tensor& sigma);

// What the attention to the token is told: the labels [B, L] from 0 to 1, then 1 where `known` [B] is 1; all 0 where it
// is 0, which means nothing is said. -> [B, L + 1]
torch::Tensor label_tokens(const torch::Tensor& labels, const torch::Tensor& known);

// c_S = (m ∘ z, m) of the paper's section 3.2: latents [B, T, c, h, w] and mask [B, T], 1 where a frame is known
// -> [B, T, c + 1, h, w]
torch::Tensor context_of(const torch::Tensor& latents, const torch::Tensor& mask);

}  // namespace animate::models::video_ldm
