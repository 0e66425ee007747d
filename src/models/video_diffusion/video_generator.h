#pragma once

#include <torch/types.h>

#include <cstdint>
#include <functional>
#include <optional>

#include "diffusion/guidance.h"
#include "diffusion/sampler.h"
#include "diffusion/sampler_plan.h"
#include "models/video_diffusion/video_weights.h"

namespace animate::models::video_diffusion {

// A run on its way: what a later one needs to go on from here.
struct LatentsSoFar {
  torch::Tensor latents;  // [1, T, c, h, w]
  diffusion::SamplerState sampler;
};

// What a clip is to be (models/video_diffusion/README.md#pipeline).
struct VideoRequest {
  torch::Tensor picture;  // [1, 3, H, W] in [0, 1]: the first frame; sides are multiples of the autoencoder's factor
  torch::Tensor seen;     // [1, 3, any, any] in [0, 1]: what the image encoder looks at; undefined: `picture`
  int64_t frames = 14;
  int64_t steps = 25;
  diffusion::SamplerKind sampler = diffusion::SamplerKind::Euler;
  diffusion::Guidance guidance{1, 3};
  double motion = 127;  // 0 to 255: how much is to move
  double fps = 7;
  double noise = 0.02;  // of the deviation of the noise on the picture before it is encoded
  // Normal noise of a shape, [1, 3, H, W] first, then [1, frames, latent channels, h, w], then what the sampler's steps
  // draw, of that shape: diffusion::LatentNoise, or noise that is given.
  std::function<torch::Tensor(at::IntArrayRef shape)> draw;
  // Where an earlier run of the same request was left; its noise is drawn again, so that the rest is the same.
  std::optional<LatentsSoFar> from;
  // Hears after every step what a later run could go on from.
  std::function<void(const LatentsSoFar&)> keep;
};

// After each step: how many are done, of how many, and the latents [1, T, c, h, w] then. False stops the run.
using StepDone = std::function<bool(int64_t done, int64_t all, const torch::Tensor& latents)>;

// Stable Video Diffusion as a whole: a picture becomes latents of a clip, latents become frames. Networks are loaded
// for the call that needs them, and go again. Immutable; a call at a time, or the memory is taken twice.
class VideoGenerator {
 public:
  VideoGenerator(VideoWeights weights, torch::Device device) : weights_(std::move(weights)), device_(device) {}

  const VideoWeights& weights() const { return weights_; }

  // The clip's latents [1, T, c, h, w], float, on the CPU; also where `done` stopped the run. Throws Error(Usage) for
  // sizes that do not fit and for `from` of another size, Error(Model) for latents that are not finite.
  torch::Tensor generate(const VideoRequest& request, const StepDone& done = {}) const;

  // Frames [n, 3, H, W] in [0, 1], float, on the CPU, `chunk` latents at a time and in order: all of a chunk in one
  // call of `take`. Throws Error(Usage) for a chunk below 1.
  void decode(const torch::Tensor& latents, int64_t chunk,
              const std::function<void(const torch::Tensor& frames)>& take) const;

  // What the UNet is shown of the picture: [1, projection], the image encoder's vector.
  torch::Tensor token_of(const torch::Tensor& picture) const;
  // And its latents [1, c, h, w], not scaled, of the picture with `noise` [1, 3, H, W] added `share` times.
  torch::Tensor latents_of(const torch::Tensor& picture, const torch::Tensor& noise, double share) const;

 private:
  VideoWeights weights_;
  torch::Device device_;
};

}  // namespace animate::models::video_diffusion
