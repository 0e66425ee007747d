#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>

#include "models/autoencoder/config.h"

namespace animate::train {

// How an autoencoder of faces is trained: section train_params of its config. The defaults are the seed's
// (models/autoencoder/README.md#training); its learning rate is SGD's, Adam wants 1e-3.
struct AutoencoderConfig {
  enum class Optimiser { Sgd, Adam };

  models::autoencoder::Config model;
  std::string yaml;  // the whole text
  int64_t num_epochs = 10;
  int64_t batch_size = 64;
  Optimiser optimiser = Optimiser::Sgd;
  double lr = 0.01;
  double momentum = 0.9;         // of SGD
  int64_t lr_half_life = 0;      // steps after which the learning rate has halved; 0: it stays
  bool horizontal_flip = false;  // half of the pictures are mirrored
  // Drawn heads: how many are drawn, kept and shown again in another order; 0: each is shown once.
  int64_t pictures = 0;
  std::array<double, 2> heads_wildness{1, 1};  // as for FOMM: how far poses stray
  int64_t distribution_pictures = 8192;        // whose codes the distribution is fitted to; 0: all of a folder
  int64_t validate_every = 0;                  // steps between two measurements; 0: at the end only
  int64_t validate_pictures = 512;             // drawn heads that are measured on
  int64_t linear_code_pictures = 4096;         // that the linear code is fitted to

  // Throws Error(Input) for a file that is not read, Error(Model) naming file and key. Warnings about unknown keys are
  // logged.
  static AutoencoderConfig load(const std::filesystem::path& path);
  static AutoencoderConfig parse(const std::string& yaml, const std::string& shown);
};

}  // namespace animate::train
