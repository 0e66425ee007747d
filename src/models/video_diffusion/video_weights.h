#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "checkpoint/checkpoint.h"
#include "core/renamed_weights.h"
#include "models/video_diffusion/clip_vision.h"
#include "models/video_diffusion/told_config.h"
#include "models/video_diffusion/unet.h"
#include "models/video_diffusion/vae_decoder.h"
#include "models/video_diffusion/vae_encoder.h"

namespace animate::models::video_diffusion {

// A model's files and configs, opened and checked, with no weight read: networks are loaded one by one when they are
// needed, and go again, since all of them together take twice the memory of the largest. Immutable and thread-safe.
class VideoWeights {
 public:
  // A folder with unet/, vae/ and image_encoder/, each with its config.json and weights (those in full precision where
  // both are there), or the single file. `configs`, where given, win over what a single file's shapes tell.
  // Throws Error(Input) for what is missing or not read, Error(Model) naming every array that is missing, of another
  // shape, or unexpected.
  static VideoWeights open(const std::filesystem::path& path, const std::optional<Configs>& configs = std::nullopt);
  // The same of opened files.
  static VideoWeights of_single_file(const checkpoint::Checkpoint& file,
                                     const std::optional<Configs>& configs = std::nullopt);
  static VideoWeights of_parts(const checkpoint::Checkpoint& unet, const checkpoint::Checkpoint& vae,
                               const checkpoint::Checkpoint& clip, const Configs& configs);

  const Configs& configs() const { return configs_; }
  const std::string& name() const { return name_; }

  // On the CPU, in float, ready for inference. Throw Error(Input) for damaged files, Error(Model) for numbers that are
  // not finite.
  VideoUnet load_unet() const;
  VaeEncoder load_encoder() const;
  VaeDecoder load_decoder() const;
  ClipVision load_clip() const;

 private:
  struct Part {
    checkpoint::CheckpointScope scope;
    core::NameTable names;
  };
  VideoWeights(std::string name, const Configs& configs, Part unet, Part vae, Part clip);
  void check_all(bool one_file) const;

  std::string name_;
  Configs configs_;
  Part unet_, vae_, clip_;
};

}  // namespace animate::models::video_diffusion
