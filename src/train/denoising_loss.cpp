#include "train/denoising_loss.h"

#include "heads/counter_random.h"

namespace animate::train {

namespace video = models::video_ldm;

torch::Tensor denoising_loss(const models::video_diffusion::VideoUnetImpl& unet, const torch::Tensor& latents,
                             const torch::Tensor& noise, const torch::Tensor& sigma, const video::Told& told) {
  const auto x = latents + sigma.view({-1, 1, 1, 1, 1}) * noise;
  const auto errors = (video::denoised(unet, x, sigma, told) - latents).square().flatten(1).mean(1);
  return (video::loss_weight(sigma) * errors).mean();
}

torch::Tensor drawn_sigmas(const LdmTrainConfig& config, int64_t count) {
  return (torch::randn({count}) * config.sigma_deviation + config.sigma_mean).exp();
}

torch::Tensor context_mask(const LdmTrainConfig& config, int64_t count, int64_t known) {
  const int64_t frames = config.model.frames_of(config.stage);
  auto mask = torch::zeros({count, frames});
  if (config.stage == video::Stage::Interpolation) {
    mask.select(1, 0).fill_(1);
    mask.select(1, frames - 1).fill_(1);
  } else {
    mask.narrow(1, 0, known).fill_(1);
  }
  return mask;
}

torch::Tensor drawn_masks(const LdmTrainConfig& config, int64_t count, uint64_t seed, int64_t step) {
  heads::CounterRandom random(seed ^ 0x3A5CULL, static_cast<uint64_t>(step));
  std::vector<torch::Tensor> masks;
  for (int64_t i = 0; i < count; ++i) {
    const bool dropped = random.chance(static_cast<float>(config.drop));
    const auto choice = static_cast<size_t>(random.pick(static_cast<int>(config.context_frames.size())));
    const auto mask = context_mask(config, 1, config.context_frames[choice]);
    masks.push_back(dropped ? torch::zeros_like(mask) : mask);
  }
  return torch::cat(masks);
}

torch::Tensor trivial_guess(const LdmTrainConfig& config, const torch::Tensor& latents, int64_t known) {
  const int64_t frames = latents.size(1);
  if (config.stage != video::Stage::Interpolation) {
    return latents.narrow(1, known - 1, 1).expand_as(latents);
  }
  const auto share = torch::linspace(0, 1, frames, latents.options()).view({1, -1, 1, 1, 1});
  return torch::lerp(latents.narrow(1, 0, 1).expand_as(latents), latents.narrow(1, frames - 1, 1).expand_as(latents),
                     share.expand_as(latents));
}

}  // namespace animate::train
