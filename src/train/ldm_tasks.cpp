#include "train/ldm_tasks.h"

#include <cmath>

#include "base/error.h"
#include "core/weights.h"
#include "models/video_ldm/stage_networks.h"

namespace animate::train {
namespace {

namespace video = models::video_ldm;

}  // namespace

std::unique_ptr<TrainingTask> make_ldm_task(const TrainJob& job, const LdmTrainConfig& config) {
  check(job.vgg.empty(), ErrorKind::Usage, "--vgg {}: has no effect on a video LDM; leave it out", show(job.vgg));
  if (config.stage == video::Stage::Autoencoder) return make_kl_autoencoder_task(job, config);
  std::error_code ec;
  const bool goes_on = !job.resume.empty() || std::filesystem::exists(job.output / "checkpoint.pth.tar", ec);
  const auto before = video::word_of(static_cast<video::Stage>(static_cast<int>(config.stage) - 1));
  check(goes_on || !job.init.empty(), ErrorKind::Usage,
        "{}: the stage {} begins with what the stage {} learnt; give that one's model.safetensors with --init",
        show(job.config), video::word_of(config.stage), before);
  return make_denoising_task(job, config);
}

std::unique_ptr<LdmSource> ldm_source_of(const TrainJob& job, const LdmTrainConfig& config) {
  const auto seed = static_cast<uint64_t>(job.options.seed);
  return job.data ? folder_ldm_source(config, *job.data, seed) : drawn_ldm_source(config, seed);
}

double ldm_rate(const LdmTrainConfig& config, int64_t step) {
  if (config.lr_half_life == 0) return config.lr;
  return config.lr * std::exp2(-static_cast<double>(step) / static_cast<double>(config.lr_half_life));
}

void require_stage(const checkpoint::Checkpoint& weights, video::Stage stage) {
  const auto held = video::stage_of(weights);
  check(held.has_value(), ErrorKind::Model, "{}: holds no stage of a video LDM; give the model of the stage before",
        weights.name());
  const bool fits = *held == stage || static_cast<int>(*held) + 1 == static_cast<int>(stage);
  check(fits, ErrorKind::Model,
        "{}: holds the stage {}, and the stage {} begins with the stage {}; give that one's model", weights.name(),
        video::word_of(*held), video::word_of(stage),
        video::kStages[stage == video::Stage::Autoencoder ? 0 : static_cast<size_t>(stage) - 1]);
}

void add_autoencoder(std::map<std::string, torch::Tensor>& tensors, const video::LatentAutoencoder& autoencoder) {
  const std::string scope = std::string(video::kAutoencoderScope) + ".";
  for (const auto& item : autoencoder->named_parameters()) {
    tensors[scope + item.key()] = item.value().detach().to(torch::kHalf);
  }
  for (const auto& item : autoencoder->named_buffers()) tensors[scope + item.key()] = item.value();
}

void save_ldm(const std::filesystem::path& path, const std::map<std::string, torch::Tensor>& tensors,
              const LdmTrainConfig& config, const std::string& training) {
  core::save_tensors(path, tensors,
                     {{"format", "animate-model"},
                      {"family", "video_ldm"},
                      {"config", config.model.yaml},
                      {"stage", std::string(video::word_of(config.stage))},
                      {"training", training}});
}

}  // namespace animate::train
