#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/grid_conventions.h"

namespace animate::models::fomm {

// The published YAML schema (models/fomm/README.md#configuration): the part that shapes networks and motion transfer.
// The other sections are checked by name and type when the file is read, and used by the training room.
struct KeypointDetectorConfig {
  int64_t block_expansion = 0;
  int64_t max_features = 0;
  int64_t num_blocks = 0;
  double temperature = 0;
  double scale_factor = 1;
  bool single_jacobian_map = false;
  int64_t pad = 0;
  int64_t jacobian_stride = 1;  // ours: 2 computes the Jacobians' head at half size, which takes a quarter of the time
};

struct DenseMotionConfig {
  int64_t block_expansion = 0;
  int64_t max_features = 0;
  int64_t num_blocks = 0;
  double scale_factor = 1;
  double kp_variance = 0.01;
};

struct GeneratorConfig {
  int64_t block_expansion = 0;
  int64_t max_features = 0;
  int64_t num_down_blocks = 0;
  int64_t num_bottleneck_blocks = 0;
  bool estimate_occlusion_map = false;
  bool has_dense_motion = false;  // false: dense_motion_params is null, a plain encoder-decoder
  DenseMotionConfig dense_motion;
  bool skips = false;  // warped skip connections from encoder to decoder; need an occlusion map
  core::Padding padding = core::Padding::Zeros;  // ours: what warping finds outside the source
};

struct Config {
  int64_t num_kp = 0;
  int64_t num_channels = 0;
  bool estimate_jacobian = false;
  core::GridEnds grid = core::GridEnds::PixelCentres;  // ours: what -1 and 1 are for keypoints and motion
  KeypointDetectorConfig kp_detector;
  GeneratorConfig generator;
  int64_t frame_width = 256;  // dataset_params.frame_shape
  int64_t frame_height = 256;
  int64_t kp_size = 5;  // visualizer_params: radius of drawn keypoints in pixels
  bool draw_border = false;
  // Trained on drawn heads with their true keypoints, so that its points are those: dataset_params.root_dir is heads,
  // and train_params.loss_weights.keypoint_supervision above 0, or it comes from a run in phases, which begins with it.
  bool head_keypoints = false;
  std::string yaml;  // the text it was read from, stored beside converted weights

  // Reads a YAML file. Unknown keys become `warnings`; a missing key or a value of another type throws Error(Model)
  // naming file and key.
  static Config load(const std::filesystem::path& path, std::vector<std::string>* warnings = nullptr);
  // The same from text; `shown` names it in messages.
  static Config parse(const std::string& yaml, const std::string& shown, std::vector<std::string>* warnings = nullptr);

  // Whether the networks can work on frames of this size; throws Error(Model) naming the size and the rule it breaks
  // (models/fomm/README.md#frame-sizes).
  void check_frame_size(int64_t height, int64_t width) const;
};

}  // namespace animate::models::fomm
