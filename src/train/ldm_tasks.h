#pragma once

#include <memory>

#include "animate/trainer.h"
#include "models/video_ldm/latent_autoencoder.h"
#include "train/ldm_config.h"
#include "train/ldm_source.h"
#include "train/training_task.h"

namespace animate::train {

// The stage that a config names, as a task. Throws Error(Usage) for a stage without the one before it: neither --init
// nor a checkpoint to go on from.
std::unique_ptr<TrainingTask> make_ldm_task(const TrainJob& job, const LdmTrainConfig& config);

// The stage autoencoder, and the four others, which denoise its latents.
std::unique_ptr<TrainingTask> make_kl_autoencoder_task(const TrainJob& job, const LdmTrainConfig& config);
std::unique_ptr<TrainingTask> make_denoising_task(const TrainJob& job, const LdmTrainConfig& config);

// What all stages do alike.

// A step's learning rate.
double ldm_rate(const LdmTrainConfig& config, int64_t step);
// A job's clips. `config` has to outlive them. Throws as folder_ldm_source() does.
std::unique_ptr<LdmSource> ldm_source_of(const TrainJob& job, const LdmTrainConfig& config);
// Throws Error(Model) where a file's last stage is neither this one nor the one before it.
void require_stage(const checkpoint::Checkpoint& weights, models::video_ldm::Stage stage);
// Puts an autoencoder's arrays under their names into `tensors`: weights in half precision, its two measures as they
// are.
void add_autoencoder(std::map<std::string, torch::Tensor>& tensors,
                     const models::video_ldm::LatentAutoencoder& autoencoder);
// Writes a model file of this family.
void save_ldm(const std::filesystem::path& path, const std::map<std::string, torch::Tensor>& tensors,
              const LdmTrainConfig& config, const std::string& training);

}  // namespace animate::train
