#include "models/fomm/config.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "models/fomm/config_schema.h"
#include "models/yaml_config.h"

namespace animate::models::fomm {
namespace {

// Far above any published value; keeps a hostile config from asking for terabytes.
constexpr int64_t kMaxChannels = 8192;
constexpr int64_t kMaxBlocks = 12;
constexpr const char* kFamily = "FOMM";

void read_frame_shape(const YAML::Node& root, const std::string& shown, Config& config) {
  const YamlSection dataset(root, "dataset_params", shown, kFamily);
  if (!dataset.present()) return;
  const auto shape = dataset.get<std::vector<int64_t>>("frame_shape", std::vector<int64_t>{256, 256, 3});
  check(shape.size() >= 2 && shape[0] > 0 && shape[1] > 0 && shape[0] <= 8192 && shape[1] <= 8192, ErrorKind::Model,
        "{}: 'dataset_params.frame_shape' must be [width, height, channels] in pixels; correct the config", shown);
  config.frame_width = shape[0];
  config.frame_height = shape[1];
}

// What the training of the weights was, as far as it says what the keypoints mean.
void read_training(const YAML::Node& root, const std::string& shown, Config& config) {
  const YamlSection dataset(root, "dataset_params", shown, kFamily);
  const YamlSection training(root, "train_params", shown, kFamily);
  const YamlSection weights(root, "train_params.loss_weights", shown, kFamily);
  const bool heads = dataset.get<std::string>("root_dir", "") == "heads";
  const bool supervised = weights.get<double>("keypoint_supervision", 0.0) > 0;
  const bool in_phases = !training.get<std::string>("phase", "").empty();
  config.head_keypoints = heads && (supervised || in_phases);
}

// One of two words; the first is what published configs mean.
bool is_second_word(const YamlSection& section, const std::string& key, const char* first, const char* second,
                    const std::string& name, const std::string& shown) {
  const auto word = section.get<std::string>(key, first);
  check(word == first || word == second, ErrorKind::Model, "{}: '{}' is '{}', it must be {} or {}; correct the config",
        shown, name, word, first, second);
  return word == second;
}

DenseMotionConfig read_dense_motion(const YamlSection& section) {
  DenseMotionConfig config;
  config.block_expansion = section.whole("block_expansion", 1, kMaxChannels);
  config.max_features = section.whole("max_features", 1, kMaxChannels);
  config.num_blocks = section.whole("num_blocks", 1, kMaxBlocks);
  config.scale_factor = section.positive("scale_factor", 1, 1.0);
  config.kp_variance = section.positive("kp_variance", 100, 0.01);
  return config;
}

Config read(const YAML::Node& root, const std::string& shown) {
  Config config;
  const YamlSection common(root, "model_params.common_params", shown, kFamily);
  config.num_kp = common.whole("num_kp", 1, 1024);
  config.num_channels = common.whole("num_channels", 1, 3);
  config.estimate_jacobian = common.get<bool>("estimate_jacobian", false);
  if (is_second_word(common, "grid", "centres", "edges", "model_params.common_params.grid", shown)) {
    config.grid = core::GridEnds::PictureEdges;
  }

  const YamlSection detector(root, "model_params.kp_detector_params", shown, kFamily);
  config.kp_detector.block_expansion = detector.whole("block_expansion", 1, kMaxChannels);
  config.kp_detector.max_features = detector.whole("max_features", 1, kMaxChannels);
  config.kp_detector.num_blocks = detector.whole("num_blocks", 1, kMaxBlocks);
  config.kp_detector.temperature = detector.positive("temperature", 1e6);
  config.kp_detector.scale_factor = detector.positive("scale_factor", 1, 1.0);
  config.kp_detector.single_jacobian_map = detector.get<bool>("single_jacobian_map", false);
  config.kp_detector.pad = detector.whole("pad", 0, 64, 0);
  config.kp_detector.jacobian_stride = detector.whole("jacobian_stride", 1, 2, 1);
  check(
      config.kp_detector.jacobian_stride == 1 || config.kp_detector.pad == 3, ErrorKind::Model,
      "{}: 'model_params.kp_detector_params.jacobian_stride' is 2, which needs heatmaps as large as the features; set "
      "pad to 3, or jacobian_stride to 1",
      shown);

  const YamlSection generator(root, "model_params.generator_params", shown, kFamily);
  config.generator.block_expansion = generator.whole("block_expansion", 1, kMaxChannels);
  config.generator.max_features = generator.whole("max_features", 1, kMaxChannels);
  config.generator.num_down_blocks = generator.whole("num_down_blocks", 0, kMaxBlocks);
  config.generator.num_bottleneck_blocks = generator.whole("num_bottleneck_blocks", 0, 256);
  config.generator.estimate_occlusion_map = generator.get<bool>("estimate_occlusion_map", false);
  const YamlSection dense(root, "model_params.generator_params.dense_motion_params", shown, kFamily);
  config.generator.has_dense_motion = dense.present();
  if (dense.present()) config.generator.dense_motion = read_dense_motion(dense);
  config.generator.skips = generator.get<bool>("skips", false);
  check(!config.generator.skips || (dense.present() && config.generator.estimate_occlusion_map), ErrorKind::Model,
        "{}: 'model_params.generator_params.skips' blends by the occlusion map; set estimate_occlusion_map to True, "
        "with dense_motion_params, or skips to False",
        shown);
  if (is_second_word(generator, "padding", "zeros", "border", "model_params.generator_params.padding", shown)) {
    config.generator.padding = core::Padding::Border;
  }

  const YamlSection visualizer(root, "visualizer_params", shown, kFamily);
  config.kp_size = visualizer.whole("kp_size", 1, 1024, 5);
  config.draw_border = visualizer.get<bool>("draw_border", false);

  read_frame_shape(root, shown, config);
  read_training(root, shown, config);
  return config;
}

}  // namespace

Config Config::parse(const std::string& yaml, const std::string& shown, std::vector<std::string>* warnings) {
  return parse_yaml(yaml, shown, [&](const YAML::Node& root) {
    check(root.IsMap(), ErrorKind::Model, "{}: is not a FOMM config (a YAML file with model_params); give that file",
          shown);
    check_against_schema(root, config_schema(), shown, warnings);
    Config config = read(root, shown);
    config.yaml = yaml;
    return config;
  });
}

Config Config::load(const std::filesystem::path& path, std::vector<std::string>* warnings) {
  return parse(read_config_text(path), show(path), warnings);
}

void Config::check_frame_size(int64_t height, int64_t width) const {
  const auto scaled = [](int64_t size, double factor) {
    return static_cast<int64_t>(std::ceil(static_cast<double>(size) * factor));
  };
  const auto check_hourglass = [&](double factor, int64_t blocks, const char* what) {
    const int64_t multiple = int64_t{1} << blocks;
    check(scaled(height, factor) % multiple == 0 && scaled(width, factor) % multiple == 0, ErrorKind::Model,
          "a frame of {}x{} pixels does not fit the model: scaled by {} for its {} both sides must be multiples of {}; "
          "use the size the model was made for, {}x{}",
          width, height, factor, what, multiple, frame_width, frame_height);
  };
  check_hourglass(kp_detector.scale_factor, kp_detector.num_blocks, "keypoint detector");
  const int64_t smallest = std::min(scaled(height, kp_detector.scale_factor), scaled(width, kp_detector.scale_factor));
  check(smallest + 2 * kp_detector.pad >= 8, ErrorKind::Model,
        "a frame of {}x{} pixels is too small for the model's keypoint detector; use the size the model was made for, "
        "{}x{}",
        width, height, frame_width, frame_height);
  if (generator.has_dense_motion) {
    check_hourglass(generator.dense_motion.scale_factor, generator.dense_motion.num_blocks, "dense motion");
  }
  check(std::min(height, width) >> generator.num_down_blocks > 0, ErrorKind::Model,
        "a frame of {}x{} pixels is too small for the model's generator; use the size the model was made for, {}x{}",
        width, height, frame_width, frame_height);
}

}  // namespace animate::models::fomm
