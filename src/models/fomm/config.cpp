#include "models/fomm/config.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <iterator>
#include <optional>

#include "base/error.h"
#include "base/file_kind.h"
#include "models/fomm/config_schema.h"

namespace animate::fomm {
namespace {

// Far above any published value; keeps a hostile config from asking for terabytes.
constexpr int64_t kMaxChannels = 8192;
constexpr int64_t kMaxBlocks = 12;
constexpr std::uintmax_t kMaxFileBytes = 1 << 20;

bool fits(const YAML::Node& node, KeyType type) {
  if (node.IsNull() || type == KeyType::Any) return true;
  switch (type) {
    case KeyType::Section: return node.IsMap();
    case KeyType::List: return node.IsSequence();
    default: break;
  }
  if (!node.IsScalar()) return false;
  bool flag = false;
  int64_t whole = 0;
  double number = 0;
  switch (type) {
    case KeyType::Bool: return YAML::convert<bool>::decode(node, flag);
    case KeyType::Int: return YAML::convert<int64_t>::decode(node, whole);
    case KeyType::Float: return YAML::convert<double>::decode(node, number) && std::isfinite(number);
    default: return true;
  }
}

// Compares a whole document with the schema: another type is an error, an unknown name a warning.
void check_against_schema(const YAML::Node& node, const std::string& path, const std::string& shown,
                          std::vector<std::string>* warnings) {
  const auto schema = config_schema();
  for (const auto& entry : node) {
    if (!entry.first.IsScalar())
      fail(ErrorKind::Model, "{}: a key below '{}' is not a name; correct the config", shown, path);
    const std::string key = (path.empty() ? "" : path + ".") + entry.first.Scalar();
    const auto known = std::find_if(schema.begin(), schema.end(), [&](const SchemaKey& k) { return k.path == key; });
    if (known == schema.end()) {
      if (warnings != nullptr) warnings->push_back(fmt::format("{}: unknown key '{}' is ignored", shown, key));
      continue;
    }
    check(fits(entry.second, known->type), ErrorKind::Model, "{}: '{}' must be {}; correct the config", shown, key,
          name_of(known->type));
    if (known->type == KeyType::Section && entry.second.IsMap()) {
      check_against_schema(entry.second, key, shown, warnings);
    }
  }
}

// One section of the document, with the sentences for what is absent or out of range.
class Section {
 public:
  Section(const YAML::Node& root, std::string path, std::string shown)
      : path_(std::move(path)), shown_(std::move(shown)) {
    node_.reset(root);
    for (size_t begin = 0; begin <= path_.size() && present();) {
      const size_t end = std::min(path_.find('.', begin), path_.size());
      const YAML::Node next = static_cast<const YAML::Node&>(node_)[path_.substr(begin, end - begin)];
      // yaml-cpp refuses to reset to what an absent key gives.
      node_.reset(next.IsDefined() ? next : YAML::Node(YAML::NodeType::Undefined));
      begin = end + 1;
    }
  }

  bool present() const { return node_.IsDefined() && node_.IsMap(); }

  template <typename T>
  T get(const std::string& key, std::optional<T> fallback = std::nullopt) const {
    const YAML::Node value = present() ? node_[key] : YAML::Node(YAML::NodeType::Undefined);
    if (value.IsDefined() && !value.IsNull()) return value.as<T>();
    check(fallback.has_value(), ErrorKind::Model, "{}: '{}.{}' is missing; give the config of a FOMM model", shown_,
          path_, key);
    return *fallback;
  }

  int64_t whole(const std::string& key, int64_t low, int64_t high,
                std::optional<int64_t> fallback = std::nullopt) const {
    const auto value = get<int64_t>(key, fallback);
    check(value >= low && value <= high, ErrorKind::Model,
          "{}: '{}.{}' is {}, it must lie in {} to {}; correct the config", shown_, path_, key, value, low, high);
    return value;
  }

  double positive(const std::string& key, double high, std::optional<double> fallback = std::nullopt) const {
    const auto value = get<double>(key, fallback);
    check(value > 0 && value <= high, ErrorKind::Model,
          "{}: '{}.{}' is {}, it must be above 0 and at most {}; correct the config", shown_, path_, key, value, high);
    return value;
  }

 private:
  std::string path_;
  std::string shown_;
  YAML::Node node_;
};

void read_frame_shape(const YAML::Node& root, const std::string& shown, Config& config) {
  const Section dataset(root, "dataset_params", shown);
  if (!dataset.present()) return;
  const auto shape = dataset.get<std::vector<int64_t>>("frame_shape", std::vector<int64_t>{256, 256, 3});
  check(shape.size() >= 2 && shape[0] > 0 && shape[1] > 0 && shape[0] <= 8192 && shape[1] <= 8192, ErrorKind::Model,
        "{}: 'dataset_params.frame_shape' must be [width, height, channels] in pixels; correct the config", shown);
  config.frame_width = shape[0];
  config.frame_height = shape[1];
}

DenseMotionConfig read_dense_motion(const Section& section) {
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
  const Section common(root, "model_params.common_params", shown);
  config.num_kp = common.whole("num_kp", 1, 1024);
  config.num_channels = common.whole("num_channels", 1, 3);
  config.estimate_jacobian = common.get<bool>("estimate_jacobian", false);

  const Section detector(root, "model_params.kp_detector_params", shown);
  config.kp_detector.block_expansion = detector.whole("block_expansion", 1, kMaxChannels);
  config.kp_detector.max_features = detector.whole("max_features", 1, kMaxChannels);
  config.kp_detector.num_blocks = detector.whole("num_blocks", 1, kMaxBlocks);
  config.kp_detector.temperature = detector.positive("temperature", 1e6);
  config.kp_detector.scale_factor = detector.positive("scale_factor", 1, 1.0);
  config.kp_detector.single_jacobian_map = detector.get<bool>("single_jacobian_map", false);
  config.kp_detector.pad = detector.whole("pad", 0, 64, 0);

  const Section generator(root, "model_params.generator_params", shown);
  config.generator.block_expansion = generator.whole("block_expansion", 1, kMaxChannels);
  config.generator.max_features = generator.whole("max_features", 1, kMaxChannels);
  config.generator.num_down_blocks = generator.whole("num_down_blocks", 0, kMaxBlocks);
  config.generator.num_bottleneck_blocks = generator.whole("num_bottleneck_blocks", 0, 256);
  config.generator.estimate_occlusion_map = generator.get<bool>("estimate_occlusion_map", false);
  const Section dense(root, "model_params.generator_params.dense_motion_params", shown);
  config.generator.has_dense_motion = dense.present();
  if (dense.present()) config.generator.dense_motion = read_dense_motion(dense);

  const Section visualizer(root, "visualizer_params", shown);
  config.kp_size = visualizer.whole("kp_size", 1, 1024, 5);
  config.draw_border = visualizer.get<bool>("draw_border", false);

  read_frame_shape(root, shown, config);
  return config;
}

}  // namespace

Config Config::parse(const std::string& yaml, const std::string& shown, std::vector<std::string>* warnings) {
  try {
    const YAML::Node root = YAML::Load(yaml);
    check(root.IsMap(), ErrorKind::Model, "{}: is not a FOMM config (a YAML file with model_params); give that file",
          shown);
    check_against_schema(root, "", shown, warnings);
    Config config = read(root, shown);
    config.yaml = yaml;
    return config;
  } catch (const YAML::Exception& e) {
    fail(ErrorKind::Model, "{}: is not valid YAML (line {}: {}); correct the config", shown, e.mark.line + 1, e.msg);
  }
}

Config Config::load(const std::filesystem::path& path, std::vector<std::string>* warnings) {
  require_file(path, "a YAML config");
  refuse_failed_download(path);
  check(std::filesystem::file_size(path) <= kMaxFileBytes, ErrorKind::Model,
        "{}: is too large for a config; give the model's YAML file", show(path));
  std::ifstream file(path, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(file)), {});
  return parse(text, show(path), warnings);
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

}  // namespace animate::fomm
