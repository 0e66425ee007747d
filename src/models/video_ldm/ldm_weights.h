#pragma once

#include <filesystem>
#include <string>

#include "checkpoint/checkpoint.h"
#include "models/video_diffusion/unet.h"
#include "models/video_ldm/config.h"
#include "models/video_ldm/latent_autoencoder.h"

namespace animate::models::video_ldm {

// Whether a path is a file of this family, of whatever stage. Throws as Checkpoint::open() does.
bool is_ldm_file(const std::filesystem::path& path);

// A model that makes clips: autoencoder, a network that goes on from known frames, and perhaps one that sets frames
// between. Small enough to be in memory as a whole. Read-only, and safe to call from several threads.
struct LdmNetworks {
  // Throws Error(Usage) for a file of a stage before the prediction, which cannot make clips of a photo, Error(Model)
  // for one without a config, or whose weights do not fit it.
  static LdmNetworks open(const std::filesystem::path& path, const torch::Device& device);

  std::string name;
  LdmConfig config;
  int64_t parameters = 0;
  LatentAutoencoder autoencoder{nullptr};
  video_diffusion::VideoUnet prediction{nullptr};
  video_diffusion::VideoUnet interpolation{nullptr};  // empty in a file of the stage prediction

  // What the networks are told of the clip, [1, labels + 1]; nothing is said without a label. Throws Error(Usage) for
  // labels that the config does not know.
  torch::Tensor token_of(const std::string& labels) const;
};

}  // namespace animate::models::video_ldm
