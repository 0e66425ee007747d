#include "train/denoising_figures.h"

#include <algorithm>

#include <spdlog/fmt/fmt.h>

#include "diffusion/latent_noise.h"
#include "models/video_ldm/clip_sampler.h"
#include "train/denoising_loss.h"

namespace animate::train {
namespace {

namespace video = models::video_ldm;

constexpr uint64_t kNoiseSeed = 7;
constexpr int64_t kClipsAtOnce = 8;
constexpr int64_t kMeanOf = 512;  // frames whose mean latent is the guess of those that know nothing
constexpr int64_t kSheetSteps = 12;
constexpr int64_t kSheetClips = 2;
constexpr int64_t kSheetPictures = 8;

torch::Device device_of(const models::video_diffusion::VideoUnetImpl& unet) {
  return unet.parameters().front().device();
}

LdmBatch moved(const LdmBatch& batch, const torch::Device& device) {
  return {batch.frames.to(device), batch.labels.to(device), batch.told.to(device), batch.regime.to(device)};
}

// One level for so many clips.
torch::Tensor levels(double sigma, int64_t count, const torch::Device& device) {
  return torch::full({count}, sigma, torch::TensorOptions().dtype(torch::kFloat).device(device));
}

// What a network is told of held-out clips whose first `known` frames, or ends, are shown.
video::Told told_of(const LdmTrainConfig& config, const models::video_diffusion::VideoUnetImpl& unet,
                    const LdmBatch& batch, int64_t known) {
  const int64_t count = batch.frames.size(0);
  video::Told told{video::label_tokens(batch.labels, batch.told), batch.regime, {}};
  if (unet.config().context_width > 0) {
    told.context = video::context_of(batch.frames, context_mask(config, count, known).to(batch.frames.device()));
  }
  return told;
}

LdmBatch some_of(const LdmBatch& batch, int64_t first, int64_t count) {
  return {batch.frames.narrow(0, first, count), batch.labels.narrow(0, first, count),
          batch.told.narrow(0, first, count), batch.regime.narrow(0, first, count)};
}

// The image network that a network with temporal layers was made of, which sees every frame by itself.
std::shared_ptr<models::video_diffusion::VideoUnetImpl> images_of(const LdmTrainConfig& config,
                                                                  const models::video_diffusion::VideoUnetImpl& unet) {
  const torch::NoGradGuard no_grad;
  auto images = std::make_shared<models::video_diffusion::VideoUnetImpl>(config.model.unet_of(video::Stage::Image));
  const auto from = unet.named_parameters();
  for (auto& item : images->named_parameters()) item.value().copy_(from[item.key()]);
  images->to(device_of(unet));
  return images;
}

// Squared differences of the frames that are not known.
torch::Tensor unknown_errors(const LdmTrainConfig& config, const torch::Tensor& guess, const torch::Tensor& truth,
                             int64_t known) {
  const auto unknown = context_mask(config, 1, known)[0] == 0;
  return (guess - truth).square().index({torch::indexing::Slice(), unknown});
}

}  // namespace

DenoisingFigures::DenoisingFigures(const LdmTrainConfig& config, const LdmClips& clips)
    : config_(config), held_out_(clips.held_out(config.validate_clips)) {
  mean_ = clips.first_of_training(kMeanOf / config.model.frames_of(config.stage))
              .frames.mean(at::IntArrayRef{0, 1}, /*keepdim=*/true);
}

double DenoisingFigures::error(const models::video_diffusion::VideoUnetImpl& unet, double sigma, int64_t known) const {
  const torch::NoGradGuard no_grad;
  diffusion::LatentNoise noise(kNoiseSeed);
  double sum = 0, numbers = 0;
  for (int64_t first = 0; first < held_out_.frames.size(0); first += kClipsAtOnce) {
    const int64_t count = std::min(kClipsAtOnce, held_out_.frames.size(0) - first);
    const LdmBatch some = some_of(held_out_, first, count);
    const auto x = some.frames + sigma * noise.draw(some.frames.sizes()).to(some.frames.device());
    const auto seen =
        video::denoised(unet, x, levels(sigma, count, some.frames.device()), told_of(config_, unet, some, known));
    const auto errors = unknown_errors(config_, seen, some.frames, known);
    sum += errors.sum(torch::kDouble).item<double>();
    numbers += static_cast<double>(errors.numel());
  }
  return sum / numbers;
}

double DenoisingFigures::trivial_error(int64_t known) const {
  const auto guess = known > 0 || config_.stage == video::Stage::Interpolation
                         ? trivial_guess(config_, held_out_.frames, known)
                         : mean_.expand_as(held_out_.frames);
  return unknown_errors(config_, guess, held_out_.frames, known).mean().item<double>();
}

std::vector<Figure> DenoisingFigures::of(const models::video_diffusion::VideoUnetImpl& unet) {
  held_out_ = moved(held_out_, device_of(unet));
  mean_ = mean_.to(device_of(unet));
  std::vector<Figure> figures;
  const auto images = config_.stage == video::Stage::Temporal ? images_of(config_, unet) : nullptr;
  const auto measure = [&](int64_t known, const std::string& name) {
    const double trivial = trivial_error(known);
    for (const double sigma : kMeasuredSigmas) {
      const double alone = images ? error(*images, sigma, known) : trivial;
      figures.push_back(
          {fmt::format("mse_sigma_{}{}", sigma, name), error(unet, sigma, known), std::min(alone, trivial)});
      if (images) figures.push_back({fmt::format("mse_sigma_{}_frame_by_frame", sigma), alone, alone});
    }
    figures.push_back({"mse_trivial" + name, trivial, trivial});
  };
  switch (config_.stage) {
    case video::Stage::Prediction:
      for (const int64_t known : config_.context_frames) {
        if (known > 0) measure(known, fmt::format("_known_{}", known));
      }
      break;
    default: measure(0, "");
  }
  return figures;
}

torch::Tensor denoising_rows(const LdmTrainConfig& config, const LdmClips& clips,
                             const models::video_diffusion::VideoUnetImpl& unet) {
  const torch::NoGradGuard no_grad;
  diffusion::LatentNoise noise(kNoiseSeed);
  const bool images = config.stage == video::Stage::Image;
  const torch::Device device = device_of(unet);
  const LdmBatch shown = moved(clips.held_out(images ? kSheetPictures : kSheetClips), device);
  const int64_t known = config.stage == video::Stage::Prediction ? 1 : 0;
  const video::Told told = told_of(config, unet, shown, known);
  video::Sampling sampling;
  sampling.steps = kSheetSteps;
  sampling.draw = [&](at::IntArrayRef shape) { return noise.draw(shape); };
  const auto sampled = video::sampled(unet, shown.frames.sizes(), told, sampling);
  if (!images) return torch::stack({shown.frames, sampled}, 1).flatten(0, 1);
  std::vector<torch::Tensor> rows{shown.frames.transpose(0, 1)};
  for (const double sigma : {3.0, 10.0}) {
    const auto x = shown.frames + sigma * noise.draw(shown.frames.sizes()).to(device);
    rows.push_back(video::denoised(unet, x, levels(sigma, x.size(0), device), told).transpose(0, 1));
  }
  rows.push_back(sampled.transpose(0, 1));
  return torch::cat(rows);
}

}  // namespace animate::train
