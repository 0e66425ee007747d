#include "models/video_ldm/clip_sampler.h"

#include "base/error.h"
#include "diffusion/sampler.h"
#include "models/video_ldm/config.h"

namespace animate::models::video_ldm {
namespace {

// One condition of all that is told left out.
Told without_labels(Told told) {
  told.token = torch::zeros_like(told.token);
  return told;
}

Told without_context(Told told) {
  told.context = torch::zeros_like(told.context);
  return told;
}

}  // namespace

torch::Tensor sampled(const video_diffusion::VideoUnetImpl& unet, at::IntArrayRef shape, const Told& told,
                      const Sampling& sampling) {
  diffusion::Sampler sampler(diffusion::plan_edm(sampling.sampler, sampling.steps, kSigmas));
  const auto device = told.token.device();
  auto latents = sampler.start(sampling.draw(shape)).to(device);
  while (!sampler.done() && sampling.goes_on()) {
    const auto step = sampler.step();
    const auto input = sampler.network_input(latents);
    const auto times = torch::full({shape[0]}, step.time, torch::TensorOptions().dtype(torch::kFloat).device(device));
    const auto call = [&](const Told& conditions) {
      return unet.forward({input, times, conditions.token, conditions.regime, conditions.context});
    };
    const auto whole = call(told);
    auto output = whole;
    if (sampling.label_guidance > 1) {
      output = output + (sampling.label_guidance - 1) * (whole - call(without_labels(told)));
    }
    if (sampling.context_guidance > 1 && told.context.defined()) {
      output = output + (sampling.context_guidance - 1) * (whole - call(without_context(told)));
    }
    const auto noise = step.draws ? sampling.draw(shape).to(device) : torch::Tensor();
    latents = sampler.advance(latents, output, noise);
    check(torch::isfinite(latents).all().item<bool>(), ErrorKind::Model,
          "the latents hold NaN or infinite values after step {} of {}; get an undamaged model", sampler.at(),
          sampler.calls());
  }
  return latents;
}

torch::Tensor predicted(const video_diffusion::VideoUnetImpl& unet, const torch::Tensor& known, int64_t frames,
                        const torch::Tensor& token, const Sampling& sampling) {
  const int64_t clips = known.size(0);
  const int64_t seen = known.size(1);
  check(seen >= 1 && seen < frames, ErrorKind::Internal, "{} known frames of {}", seen, frames);
  const std::vector<int64_t> shape{clips, frames, known.size(2), known.size(3), known.size(4)};
  auto padded = torch::zeros(shape, known.options());
  padded.narrow(1, 0, seen).copy_(known);
  auto mask = torch::zeros({clips, frames}, known.options());
  mask.narrow(1, 0, seen).fill_(1);
  const Told told{token, torch::zeros({clips, 1}, known.options()), context_of(padded, mask)};
  return sampled(unet, shape, told, sampling).narrow(1, seen, frames - seen);
}

torch::Tensor interpolated(const video_diffusion::VideoUnetImpl& unet, const torch::Tensor& keys,
                           const torch::Tensor& token, double regime, const Sampling& sampling) {
  const int64_t gaps = keys.size(0) - 1;
  const int64_t frames = kInterpolated + 1;
  const auto sides = keys.sizes().slice(1);
  if (gaps < 1) return keys;
  auto ends = torch::zeros({gaps, frames, sides[0], sides[1], sides[2]}, keys.options());
  ends.select(1, 0).copy_(keys.narrow(0, 0, gaps));
  ends.select(1, frames - 1).copy_(keys.narrow(0, 1, gaps));
  auto mask = torch::zeros({gaps, frames}, keys.options());
  mask.select(1, 0).fill_(1);
  mask.select(1, frames - 1).fill_(1);
  const Told told{token.expand({gaps, -1}), torch::full({gaps, 1}, regime, keys.options()), context_of(ends, mask)};
  const auto between = sampled(unet, ends.sizes(), told, sampling).narrow(1, 1, kInterpolated - 1);
  const auto joined = torch::cat({keys.narrow(0, 0, gaps).unsqueeze(1), between}, 1).flatten(0, 1);
  return torch::cat({joined, keys.narrow(0, gaps, 1)});
}

}  // namespace animate::models::video_ldm
