#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
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
  // both are there; the published config where one lacks), the single file, or what `animate convert` made of either.
  // `configs`, where given, win over what a single file's shapes tell.
  // Throws Error(Input) for what is missing or not read, Error(Model) naming every array that is missing, of another
  // shape, or unexpected.
  // `unet`, where given, is a file with a UNet in place of the model's, in either spelling.
  static VideoWeights open(const std::filesystem::path& path, const std::optional<Configs>& configs = std::nullopt,
                           const std::filesystem::path& unet = {});
  const Configs& configs() const { return configs_; }
  const std::string& name() const { return name_; }
  // What was opened: network -> file; "weights" alone for a single file.
  std::map<std::string, std::filesystem::path> files() const;
  // Of all networks; numbers that are not read count, too.
  int64_t parameters() const { return parameters_; }

  // On the CPU, in float, ready for inference. Throw Error(Input) for damaged files, Error(Model) for numbers that are
  // not finite.
  VideoUnet load_unet() const;
  VaeEncoder load_encoder() const;
  VaeDecoder load_decoder() const;
  ClipVision load_clip() const;

 private:
  struct Part {
    std::filesystem::path file;
    checkpoint::CheckpointScope scope;
    core::NameTable names;
  };
  VideoWeights(std::string name, const Configs& configs, Part unet, Part vae, Part clip);
  static VideoWeights single(const std::filesystem::path& path, const std::optional<Configs>& configs);
  static VideoWeights parts(const std::filesystem::path& folder, const std::optional<Configs>& configs,
                            const std::filesystem::path& unet);
  void replace_unet(const std::filesystem::path& path);
  // Throws as open() does, and counts the parameters.
  void check_all();

  std::string name_;
  Configs configs_;
  int64_t parameters_ = 0;
  Part unet_, vae_, clip_;
};

}  // namespace animate::models::video_diffusion
