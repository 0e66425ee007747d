#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "models/video_ldm/config.h"

namespace animate::train {

// How a stage of a video LDM is trained: section train_params of its config (models/video_ldm/README.md#training).
struct LdmTrainConfig {
  models::video_ldm::LdmConfig model;
  models::video_ldm::Stage stage = models::video_ldm::Stage::Autoencoder;
  int64_t num_epochs = 0;
  int64_t batch_size = 4;  // clips, or pictures in the stages autoencoder and image
  double lr = 1e-3;
  int64_t lr_half_life = 0;  // steps after which the learning rate has halved; 0: it stays
  double max_gradient_norm = 1;
  double ema = 0.999;       // how much of the averaged weights a step keeps
  double kl_weight = 1e-6;  // autoencoder
  double sigma_mean = 0.7;  // ln(sigma) of a step is normal, with this mean
  double sigma_deviation = 1.6;
  double drop = 0.1;                             // share of the clips whose labels, and whose context, are left out
  std::vector<int64_t> context_frames{0, 1, 2};  // prediction: how many known frames there may be
  int64_t clips = 0;            // drawn heads: how many are drawn, encoded, kept and shown again; 0: each is shown once
  int64_t validate_every = 0;   // steps between two measurements; 0: at the end only
  int64_t validate_clips = 32;  // drawn clips (or pictures) that are measured on

  // Throws Error(Input) for a file that is not read, Error(Model) naming file and key. Warnings about unknown keys are
  // logged.
  static LdmTrainConfig load(const std::filesystem::path& path);
  static LdmTrainConfig parse(const std::string& yaml, const std::string& shown);
};

}  // namespace animate::train
