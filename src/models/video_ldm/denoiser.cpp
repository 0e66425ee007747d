#include "models/video_ldm/denoiser.h"

namespace animate::models::video_ldm {
namespace {

torch::Tensor of_clips(const torch::Tensor& numbers) { return numbers.view({-1, 1, 1, 1, 1}); }

}  // namespace

torch::Tensor denoised(const video_diffusion::VideoUnetImpl& unet, const torch::Tensor& x, const torch::Tensor& sigma,
                       const Told& told) {
  const auto wide = of_clips(sigma.square() + 1);
  const auto scale = wide.rsqrt();
  const auto seen = unet.forward({x * scale, sigma.log() / 4, told.token, told.regime, told.context});
  return x / wide - of_clips(sigma) * scale * seen;
}

torch::Tensor loss_weight(const torch::Tensor& sigma) { return (sigma.square() + 1) / sigma.square(); }

torch::Tensor label_tokens(const torch::Tensor& labels, const torch::Tensor& known) {
  const auto column = known.view({-1, 1}).to(labels.scalar_type());
  return torch::cat({labels * column, column}, 1);
}

torch::Tensor context_of(const torch::Tensor& latents, const torch::Tensor& mask) {
  const auto shown = mask.view({mask.size(0), mask.size(1), 1, 1, 1}).to(latents.scalar_type());
  const auto sides = latents.sizes();
  return torch::cat({latents * shown, shown.expand({sides[0], sides[1], 1, sides[3], sides[4]})}, 2);
}

}  // namespace animate::models::video_ldm
