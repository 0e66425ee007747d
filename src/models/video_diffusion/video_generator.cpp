#include "models/video_diffusion/video_generator.h"

#include <c10/core/InferenceMode.h>

#include "base/error.h"
#include "core/weights.h"
#include "diffusion/sampler.h"
#include "models/video_diffusion/clip_pixels.h"

namespace animate::models::video_diffusion {
namespace {

// What stays the same over the steps.
struct Shown {
  torch::Tensor token;    // [1, token width]
  torch::Tensor picture;  // [1, T, c, h, w]: the picture's latents, for every frame
  torch::Tensor ids;      // [1, 3]
};

// The network learnt its frame rates counted from 0.
torch::Tensor ids_of(const VideoRequest& request) {
  return torch::tensor({request.fps - 1, request.motion, request.noise}, torch::kFloat).unsqueeze(0);
}

torch::Tensor call(const VideoUnet& unet, const torch::Tensor& input, const torch::Tensor& picture,
                   const torch::Tensor& token, double time, const torch::Tensor& ids) {
  return unet->forward(torch::cat({input, picture}, 2), time, token, ids);
}

void check_request(const VideoRequest& request, const VaeConfig& vae) {
  const int64_t factor = vae.factor();
  const int64_t height = request.picture.size(2);
  const int64_t width = request.picture.size(3);
  check(height % factor == 0 && width % factor == 0 && height > 0 && width > 0, ErrorKind::Usage,
        "{}x{}: both sides have to be multiples of {}; give --width and --height that are", width, height, factor);
  check(request.frames >= 1, ErrorKind::Usage, "--frames {}: has to be 1 or more", request.frames);
}

void go_on(diffusion::Sampler& sampler, const LatentsSoFar& from, const std::vector<int64_t>& shape) {
  check(from.latents.sizes() == shape, ErrorKind::Usage,
        "the latents to go on from are {}, and this clip's are {}; give the same --frames, --width and --height",
        core::shape_text(from.latents.sizes()), core::shape_text(shape));
  sampler.restore(from.sampler);
}

void check_finite(const torch::Tensor& latents, int64_t step, int64_t steps) {
  check(torch::isfinite(latents).all().item<bool>(), ErrorKind::Model,
        "the latents hold NaN or infinite values after step {} of {}; use --precision fp32, or get an undamaged model",
        step, steps);
}

}  // namespace

torch::Tensor VideoGenerator::token_of(const torch::Tensor& picture) const {
  const c10::InferenceMode guard;
  auto clip = weights_.load_clip();
  clip->to(device_);
  return clip->forward(clip_pixels(picture.to(device_), clip->config().side));
}

torch::Tensor VideoGenerator::latents_of(const torch::Tensor& picture, const torch::Tensor& noise, double share) const {
  const c10::InferenceMode guard;
  auto encoder = weights_.load_encoder();
  encoder->to(device_);
  return encoder->mode((picture * 2 - 1 + noise * share).to(device_));
}

torch::Tensor VideoGenerator::generate(const VideoRequest& request, const StepDone& done) const {
  const c10::InferenceMode guard;
  const VaeConfig& vae = weights_.configs().vae;
  check_request(request, vae);
  const diffusion::SamplerPlan plan = diffusion::plan_edm(request.sampler, request.steps);
  diffusion::Sampler sampler(plan);
  const int64_t frames = request.frames;
  const std::vector<int64_t> shape{1, frames, vae.latent_channels, request.picture.size(2) / vae.factor(),
                                   request.picture.size(3) / vae.factor()};
  if (request.from) {
    go_on(sampler, *request.from, shape);
    if (sampler.done()) return request.from->latents;
  }

  Shown shown;
  shown.token = token_of(request.seen.defined() ? request.seen : request.picture);
  const auto picture_noise = request.draw(request.picture.sizes());
  const auto picture = latents_of(request.picture, picture_noise, request.noise);
  shown.picture = picture.unsqueeze(1).expand({1, frames, -1, -1, -1});
  shown.ids = ids_of(request).to(device_);

  auto latents = sampler.start(request.draw(shape)).to(device_);
  if (request.from) {
    latents = request.from->latents.to(device_);
    for (size_t i = 0; i < sampler.at(); ++i) {
      if (plan.steps[i].draws) request.draw(shape);
    }
  }
  const auto no_token = torch::zeros_like(shown.token);
  const auto no_picture = torch::zeros_like(shown.picture);
  const auto strengths = request.guidance.of_frames(frames).to(device_);

  auto unet = weights_.load_unet();
  unet->to(device_);
  const auto all = static_cast<int64_t>(sampler.calls());
  while (!sampler.done()) {
    const auto step = sampler.step();
    const auto input = sampler.network_input(latents);
    // One half after the other: both at once give the same numbers and take twice the memory.
    torch::Tensor output;
    if (request.guidance.is_on()) {
      const auto unconditional = call(unet, input, no_picture, no_token, step.time, shown.ids);
      const auto conditional = call(unet, input, shown.picture, shown.token, step.time, shown.ids);
      output = diffusion::guide(unconditional, conditional, strengths);
    } else {
      output = call(unet, input, shown.picture, shown.token, step.time, shown.ids);
    }
    const auto noise = step.draws ? request.draw(shape).to(device_) : torch::Tensor();
    latents = sampler.advance(latents, output, noise);
    const auto at = static_cast<int64_t>(sampler.at());
    check_finite(latents, at, all);
    if (request.keep) request.keep({latents, sampler.state()});
    if (done && !done(at, all, latents)) break;
  }
  return latents.to(torch::kCPU);
}

void VideoGenerator::decode(const torch::Tensor& latents, int64_t chunk,
                            const std::function<void(const torch::Tensor& frames)>& take) const {
  const c10::InferenceMode guard;
  check(chunk >= 1, ErrorKind::Usage, "--decode-chunk {}: has to be 1 or more", chunk);
  auto decoder = weights_.load_decoder();
  decoder->to(device_);
  const auto scaled = latents.flatten(0, 1) / weights_.configs().vae.scaling;
  for (const auto& some : scaled.split(chunk)) {
    const auto frames = (decoder->forward(some.to(device_)) / 2 + 0.5).clamp(0, 1);
    take(frames.to(torch::kCPU));
  }
}

}  // namespace animate::models::video_diffusion
