#include "models/video_ldm/latent_autoencoder.h"

#include <vector>

namespace animate::models::video_ldm {
namespace {

constexpr int64_t kAtOnce = 64;

torch::Tensor by_channel(const torch::Tensor& numbers) { return numbers.view({1, -1, 1, 1}); }

}  // namespace

LatentAutoencoderImpl::LatentAutoencoderImpl(const video_diffusion::VaeConfig& config) {
  encoding = register_module("encoding", video_diffusion::VaeEncoder(config));
  decoding = register_module("decoding", video_diffusion::VaeDecoder(config));
  mean = register_buffer("mean", torch::zeros({config.latent_channels}));
  deviation = register_buffer("deviation", torch::ones({config.latent_channels}));
}

torch::Tensor LatentAutoencoderImpl::encode(const torch::Tensor& pictures) const {
  return (encoding->mode(to_signed(pictures)) - by_channel(mean)) / by_channel(deviation);
}

torch::Tensor LatentAutoencoderImpl::decode(const torch::Tensor& latents) const {
  return (decoding->forward(latents * by_channel(deviation) + by_channel(mean)) / 2 + 0.5).clamp(0, 1);
}

void LatentAutoencoderImpl::measure(const torch::Tensor& all) {
  const torch::NoGradGuard no_grad;
  std::vector<torch::Tensor> latents;
  for (const auto& some : all.split(kAtOnce)) latents.push_back(encoding->mode(to_signed(some)));
  const auto rows = torch::cat(latents).transpose(0, 1).flatten(1).to(torch::kDouble);
  mean.copy_(rows.mean(1));
  deviation.copy_(rows.std(1).clamp_min(1e-6));
}

}  // namespace animate::models::video_ldm
