#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/video_diffusion/config.h"
#include "models/yaml_config.h"

namespace animate::models::video_ldm {

inline constexpr const char* kSection = "model_params.video_ldm_params";
// Completes "give the config of a … model".
inline constexpr const char* kFamilyName = "video LDM";

// The stages of the recipe (Blattmann et al., CVPR 2023), each trained on top of the one before.
enum class Stage { Autoencoder, Image, Temporal, Prediction, Interpolation };
inline constexpr auto kStages =
    std::to_array<std::string_view>({"autoencoder", "image", "temporal", "prediction", "interpolation"});
inline std::string_view word_of(Stage stage) { return kStages[static_cast<size_t>(stage)]; }

// Between two frames that are known an interpolation makes three: T -> 4 T.
inline constexpr int64_t kInterpolated = 4;

// What the networks of all stages are built with: section model_params.video_ldm_params
// (models/video_ldm/README.md#configs).
struct LdmConfig {
  std::string yaml;                 // the whole text
  int64_t picture = 64;             // side of the square pictures in pixels, a multiple of the autoencoder's factor
  int64_t frames = 8;               // T, of a clip
  double rate = 6.25;               // of its frames, a second
  std::vector<std::string> labels;  // what a clip can be told to do, as in "turn"
  video_diffusion::VaeConfig vae;
  video_diffusion::UnetConfig unet;  // of the stage prediction, which has all parts

  // Sides of the latents, [latent channels, latent, latent].
  int64_t latent() const { return picture / vae.factor(); }
  // What a stage's network is built with: the image stage has no temporal halves, the temporal one no context.
  video_diffusion::UnetConfig unet_of(Stage stage) const;
  // Frames of the clips that a stage's network sees at once: 1, T, or two known ones with those between them.
  int64_t frames_of(Stage stage) const;

  // Throws Error(Model) naming file and key. Warnings about unknown keys are added to `warnings`.
  static LdmConfig parse(const std::string& yaml, const std::string& shown,
                         std::vector<std::string>* warnings = nullptr);
  static LdmConfig load(const std::filesystem::path& path, std::vector<std::string>* warnings = nullptr);
};

// Every key that a config of this family may have, those of its training included.
std::span<const SchemaKey> config_schema();

}  // namespace animate::models::video_ldm
