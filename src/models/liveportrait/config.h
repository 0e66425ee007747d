#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace animate::models::liveportrait {

// The published models.yaml (models/liveportrait/README.md#config). The defaults of these structs are its values, so
// that weights in the published folder layout load without a config.
struct AppearanceConfig {
  int64_t image_channel = 3;
  int64_t block_expansion = 64;
  int64_t num_down_blocks = 2;
  int64_t max_features = 512;
  int64_t reshape_channel = 32;
  int64_t reshape_depth = 16;
  int64_t num_resblocks = 6;
};

struct MotionExtractorConfig {
  int64_t num_kp = 21;
  int64_t num_bins = 66;
  std::vector<int64_t> depths{3, 3, 9, 3};
  std::vector<int64_t> dims{96, 192, 384, 768};
};

struct DenseMotionConfig {
  int64_t block_expansion = 32;
  int64_t max_features = 1024;
  int64_t num_blocks = 5;
  int64_t reshape_depth = 16;
  int64_t compress = 4;
};

struct WarpingConfig {
  int64_t num_kp = 21;
  int64_t block_expansion = 64;
  int64_t max_features = 512;
  int64_t num_down_blocks = 2;
  int64_t reshape_channel = 32;
  bool estimate_occlusion_map = true;
  DenseMotionConfig dense_motion;
};

struct SpadeConfig {
  int64_t upscale = 2;
  int64_t block_expansion = 64;
  int64_t max_features = 512;
  int64_t num_down_blocks = 2;
  int64_t out_channels = 64;
};

struct MlpConfig {
  int64_t input_size = 0;
  std::vector<int64_t> hidden_sizes;
  int64_t output_size = 0;
};

struct Config {
  AppearanceConfig appearance;
  MotionExtractorConfig motion;
  WarpingConfig warping;
  SpadeConfig spade;
  MlpConfig stitching{126, {128, 128, 64}, 65};
  MlpConfig lip{65, {128, 128, 64}, 63};
  MlpConfig eye{66, {256, 256, 128, 128, 64}, 63};
  std::string yaml;  // the text it was read from; empty for the published defaults

  // Reads a YAML file. Unknown keys become `warnings`; a missing key, a value of another type, or blocks that do not
  // fit each other (models/liveportrait/README.md#config) throw Error(Model) naming file and key.
  static Config load(const std::filesystem::path& path, std::vector<std::string>* warnings = nullptr);
  // The same from text; `shown` names it in messages.
  static Config parse(const std::string& yaml, const std::string& shown, std::vector<std::string>* warnings = nullptr);

  // Side of the feature map for frames of `side` pixels: side / 2^num_down_blocks of the appearance extractor.
  int64_t feature_side(int64_t side) const { return side >> appearance.num_down_blocks; }
  // Side of the painted frame: features up by 4 (two up blocks), and by 2 more with upscale.
  int64_t output_side(int64_t side) const { return feature_side(side) * 4 * (spade.upscale > 1 ? 2 : 1); }
};

}  // namespace animate::models::liveportrait
