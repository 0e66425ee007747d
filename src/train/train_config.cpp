#include "train/train_config.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <charconv>
#include <numeric>

#include "base/error.h"
#include "models/fomm/config_schema.h"
#include "models/yaml_config.h"

namespace animate::train {
namespace {

constexpr const char* kFamily = "FOMM";
constexpr double kMaxWeight = 1e9;

// A section with the checks that several keys of training share.
class Section {
 public:
  Section(const YAML::Node& root, std::string path, const std::string& shown)
      : path_(std::move(path)), shown_(shown), yaml_(root, path_, shown, kFamily) {}

  const models::YamlSection& operator*() const { return yaml_; }
  const models::YamlSection* operator->() const { return &yaml_; }
  std::string name(const std::string& key) const { return path_ + "." + key; }
  const std::string& shown() const { return shown_; }

  // A number that is at least 0.
  double amount(const std::string& key, double high, std::optional<double> fallback = std::nullopt) const {
    const auto value = yaml_.get<double>(key, fallback);
    check(value >= 0 && value <= high, ErrorKind::Model, "{}: '{}' is {}, it must lie in 0 to {}; correct the config",
          shown_, name(key), value, high);
    return value;
  }

  // A list of weights that are at least 0; of `count` numbers unless that is 0.
  std::vector<double> weights(const std::string& key, size_t count,
                              std::optional<std::vector<double>> fallback = std::nullopt) const {
    const auto values = yaml_.get<std::vector<double>>(key, std::move(fallback));
    const bool good =
        std::all_of(values.begin(), values.end(), [](double value) { return value >= 0 && value <= kMaxWeight; });
    check(good && (count == 0 || values.size() == count), ErrorKind::Model,
          "{}: '{}' must be {} weights of at least 0; correct the config", shown_, name(key),
          count == 0 ? "a list of" : std::to_string(count));
    return values;
  }

 private:
  std::string path_;
  std::string shown_;
  models::YamlSection yaml_;
};

// The name that Python gives to a number written in YAML: 1 stays "1", 1.0 is "1.0", .50 is "0.5".
std::string python_name(const std::string& text, double value) {
  int64_t whole = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), whole);
  if (error == std::errc() && end == text.data() + text.size()) return std::to_string(whole);
  std::string name = fmt::format("{}", value);
  if (name.find_first_of(".e") == std::string::npos) name += ".0";
  return name;
}

std::vector<Scale> read_scales(const Section& section, bool required) {
  using Texts = std::vector<std::string>;
  const auto texts = section->get<Texts>("scales", required ? std::nullopt : std::optional<Texts>(Texts{}));
  const auto values = section->get<std::vector<double>>("scales", std::vector<double>{});
  check(!required || !values.empty(), ErrorKind::Model, "{}: '{}' is empty; give at least [1]", section.shown(),
        section.name("scales"));
  std::vector<Scale> scales;
  for (size_t i = 0; i < values.size(); ++i) {
    check(values[i] > 0 && values[i] <= 1, ErrorKind::Model,
          "{}: '{}' holds {}, a scale must be above 0 and at most 1; correct the config", section.shown(),
          section.name("scales"), values[i]);
    scales.push_back({python_name(texts[i], values[i]), values[i]});
    check(std::count(scales.begin(), scales.end(), scales.back()) == 1, ErrorKind::Model,
          "{}: '{}' holds {} twice; correct the config", section.shown(), section.name("scales"), scales.back().name);
  }
  return scales;
}

// Two numbers in order, or one number a, which `of_one` turns into a pair.
template <typename T, typename OfOne>
std::pair<T, T> read_pair(const Section& section, const std::string& key, OfOne&& of_one) {
  const auto node = section->get<YAML::Node>(key);
  if (node.IsScalar()) return of_one(node.as<T>());
  const auto values = node.as<std::vector<T>>();
  check(values.size() == 2, ErrorKind::Model, "{}: '{}' must be one number or two; correct the config", section.shown(),
        section.name(key));
  return {values[0], values[1]};
}

AugmentationConfig read_augmentation(const YAML::Node& root, const std::string& shown) {
  const std::string path = "dataset_params.augmentation_params";
  AugmentationConfig config;
  const Section flip(root, path + ".flip_param", shown);
  config.horizontal_flip = flip->get<bool>("horizontal_flip", false);
  config.time_flip = flip->get<bool>("time_flip", false);
  if (const Section rotation(root, path + ".rotation_param", shown); rotation->present()) {
    config.rotation_degrees = read_pair<double>(rotation, "degrees", [](double a) { return std::pair(-a, a); });
  }
  if (const Section resize(root, path + ".resize_param", shown); resize->present()) {
    const auto ratio = resize->get<std::vector<double>>("ratio", std::vector<double>{3. / 4, 4. / 3});
    check(ratio.size() == 2 && ratio[0] > 0 && ratio[0] <= ratio[1] && ratio[1] <= 16, ErrorKind::Model,
          "{}: '{}' must be [smallest, largest] factor, above 0 and at most 16; correct the config", shown,
          resize.name("ratio"));
    config.resize_ratio = {ratio[0], ratio[1]};
    const auto interpolation = resize->get<std::string>("interpolation", "nearest");
    check(interpolation == "nearest" || interpolation == "bilinear", ErrorKind::Model,
          "{}: '{}' is '{}', it must be nearest or bilinear; correct the config", shown, resize.name("interpolation"),
          interpolation);
    config.resize_bilinear = interpolation == "bilinear";
  }
  if (const Section crop(root, path + ".crop_param", shown); crop->present()) {
    config.crop_size = read_pair<int64_t>(crop, "size", [](int64_t a) { return std::pair(a, a); });
    check(std::min(config.crop_size->first, config.crop_size->second) > 0, ErrorKind::Model,
          "{}: '{}' must be [height, width] above 0; correct the config", shown, crop.name("size"));
  }
  if (const Section jitter(root, path + ".jitter_param", shown); jitter->present()) {
    config.jitter = true;
    config.brightness = jitter.amount("brightness", 1e3, 0.0);
    config.contrast = jitter.amount("contrast", 1e3, 0.0);
    config.saturation = jitter.amount("saturation", 1e3, 0.0);
    config.hue = jitter.amount("hue", 0.5, 0.0);
  }
  return config;
}

DatasetConfig read_dataset(const YAML::Node& root, const std::string& shown) {
  const Section section(root, "dataset_params", shown);
  DatasetConfig config;
  config.root_dir = section->get<std::string>("root_dir", "");
  config.id_sampling = section->get<bool>("id_sampling", false);
  config.pairs_list = section->get<std::string>("pairs_list", "");
  config.random_seed = section->get<int64_t>("random_seed", 0);
  config.augmentation = read_augmentation(root, shown);
  return config;
}

DiscriminatorConfig read_discriminator(const YAML::Node& root, const std::string& shown) {
  const Section section(root, "model_params.discriminator_params", shown);
  DiscriminatorConfig config;
  config.scales = read_scales(section, false);
  config.block_expansion = section->whole("block_expansion", 1, 8192, config.block_expansion);
  config.num_blocks = section->whole("num_blocks", 1, 12, config.num_blocks);
  config.max_features = section->whole("max_features", 1, 8192, config.max_features);
  config.spectral_norm = section->get<bool>("sn", false);
  config.use_kp = section->get<bool>("use_kp", false);
  config.kp_variance = section->positive("kp_variance", 100, config.kp_variance);
  return config;
}

TransformConfig read_transform(const YAML::Node& root, const std::string& shown, bool needed) {
  const Section section(root, "train_params.transform_params", shown);
  TransformConfig config;
  if (!needed && !section->present()) return config;
  config.sigma_affine = section.amount("sigma_affine", 10);
  // Without either of the two the radial part is off.
  config.sigma_tps = section.amount("sigma_tps", 10, 0.0);
  config.points_tps = section->whole("points_tps", 0, 64, 0);
  check(config.points_tps != 1, ErrorKind::Model,
        "{}: '{}' is 1, a grid needs at least 2 points a side; correct the "
        "config",
        shown, section.name("points_tps"));
  if (config.sigma_tps == 0) config.points_tps = 0;
  return config;
}

LossWeights read_weights(const YAML::Node& root, const std::string& shown, const models::fomm::Config& model,
                         const DiscriminatorConfig& discriminator) {
  const Section section(root, "train_params.loss_weights", shown);
  LossWeights weights;
  weights.generator_gan = section.amount("generator_gan", kMaxWeight, 0.0);
  weights.discriminator_gan = section.amount("discriminator_gan", kMaxWeight, 1.0);
  weights.feature_matching = section.weights("feature_matching", 0, std::vector<double>{});
  const auto perceptual = section.weights("perceptual", 5, std::vector<double>(5, 0.0));
  std::copy(perceptual.begin(), perceptual.end(), weights.perceptual.begin());
  if (const auto structural = section->get<std::vector<double>>("structural", std::vector<double>{});
      !structural.empty()) {
    const auto three = section.weights("structural", 3);
    weights.structural = {three[0], three[1], three[2]};
  }
  weights.equivariance_value = section.amount("equivariance_value", kMaxWeight, 0.0);
  weights.equivariance_jacobian = section.amount("equivariance_jacobian", kMaxWeight, 0.0);
  weights.keypoint_focus = section.amount("keypoint_focus", kMaxWeight, 0.0);
  weights.keypoint_supervision = section.amount("keypoint_supervision", kMaxWeight, 0.0);
  weights.keypoint_supervision_jacobian =
      section.amount("keypoint_supervision_jacobian", kMaxWeight, weights.keypoint_supervision);
  if (!model.estimate_jacobian) weights.keypoint_supervision_jacobian = 0;
  weights.keypoint_heatmap = section.amount("keypoint_heatmap", kMaxWeight, 0.0);
  weights.keypoint_distance = section.amount("keypoint_distance", kMaxWeight, 0.0);
  weights.flow = section.amount("flow", kMaxWeight, 0.0);
  weights.occlusion = section.amount("occlusion", kMaxWeight, 0.0);

  check(weights.equivariance_jacobian == 0 || model.estimate_jacobian, ErrorKind::Model,
        "{}: '{}' is {} but 'model_params.common_params.estimate_jacobian' is false; set the weight to 0", shown,
        section.name("equivariance_jacobian"), weights.equivariance_jacobian);
  if (weights.generator_gan != 0) {
    check(!discriminator.scales.empty(), ErrorKind::Model,
          "{}: '{}' is {} but 'model_params.discriminator_params.scales' names no discriminator; give at least [1]",
          shown, section.name("generator_gan"), weights.generator_gan);
    const auto& matching = weights.feature_matching;
    const double sum = std::accumulate(matching.begin(), matching.end(), 0.0);
    check(sum == 0 || static_cast<int64_t>(matching.size()) == discriminator.num_blocks, ErrorKind::Model,
          "{}: '{}' has {} weights but the discriminator has {} blocks; give one a block", shown,
          section.name("feature_matching"), matching.size(), discriminator.num_blocks);
  }
  return weights;
}

Phase read_phase(const Section& section) {
  const auto word = section->get<std::string>("phase", "");
  if (word.empty()) return Phase::Whole;
  for (const Phase phase : {Phase::Detector, Phase::Motion, Phase::Generator, Phase::Together}) {
    if (word == word_of(phase)) return phase;
  }
  fail(ErrorKind::Model, "{}: '{}' is '{}', it must be detector, motion, generator or together; correct the config",
       section.shown(), section.name("phase"), word);
}

void read_phase_keys(const Section& section, TrainConfig& config) {
  constexpr int64_t most = int64_t{1} << 40;
  config.phase = read_phase(section);
  const auto expressions = section->get<std::string>("heads_expressions", "calm");
  check(expressions == "calm" || expressions == "lively", ErrorKind::Model,
        "{}: '{}' is '{}', it must be calm or lively; correct the config", section.shown(),
        section.name("heads_expressions"), expressions);
  config.lively = expressions == "lively";
  config.lr_half_life = section->whole("lr_half_life", 0, most, 0);
  config.detected_share = section.amount("detected_share", 1, 0.0);
  config.transfer_share = section.amount("transfer_share", 1, 0.0);
  config.validate_every = section->whole("validate_every", 0, most, 0);
  config.validate_heads = section->whole("validate_heads", 2, 100'000, config.validate_heads);
}

// What a phase needs, and what would have no effect in it.
void check_phase(const std::string& shown, const models::fomm::Config& model, const TrainConfig& config) {
  const LossWeights& weights = config.loss_weights;
  const auto refuse = [&](bool wrong, const char* key, const std::string& why) {
    check(!wrong, ErrorKind::Model, "{}: 'train_params.{}' {}", shown, key, why);
  };
  if (config.phase == Phase::Whole) {
    const char* const without = "has an effect only in a phase; add 'train_params.phase', or leave it out";
    refuse(weights.flow != 0, "loss_weights.flow", without);
    refuse(weights.occlusion != 0, "loss_weights.occlusion", without);
    refuse(weights.keypoint_distance != 0, "loss_weights.keypoint_distance", without);
    refuse(weights.keypoint_heatmap != 0, "loss_weights.keypoint_heatmap", without);
    refuse(config.detected_share != 0, "detected_share", without);
    refuse(config.transfer_share != 0, "transfer_share", without);
    refuse(config.lively, "heads_expressions", without);
    refuse(config.lr_half_life != 0, "lr_half_life", without);
    return;
  }
  const std::string phase = word_of(config.phase);
  const bool moves = config.phase == Phase::Motion || config.phase == Phase::Together;
  const std::string no_use = fmt::format("has no effect in the phase '{}'; set it to 0", phase);
  refuse(weights.generator_gan != 0, "loss_weights.generator_gan", no_use);
  refuse(weights.has_equivariance(), "loss_weights.equivariance_value", no_use);
  refuse(weights.flow != 0 && !moves, "loss_weights.flow", no_use);
  refuse(weights.occlusion != 0 && !moves, "loss_weights.occlusion", no_use);
  refuse(weights.keypoint_heatmap != 0 && config.phase != Phase::Detector, "loss_weights.keypoint_heatmap", no_use);
  refuse(config.detected_share != 0 && config.phase != Phase::Motion, "detected_share", no_use);
  refuse(config.transfer_share != 0 && config.phase != Phase::Together, "transfer_share", no_use);
  refuse(config.phase == Phase::Detector && weights.keypoint_supervision == 0, "loss_weights.keypoint_supervision",
         "is 0, and the phase 'detector' has nothing else to learn from; give a weight above 0");
  refuse(config.phase == Phase::Motion && weights.flow == 0, "loss_weights.flow",
         "is 0, and the phase 'motion' has nothing else to learn from; give a weight above 0");
  refuse((config.phase == Phase::Generator || config.phase == Phase::Together) && !weights.structural,
         "loss_weights.structural",
         fmt::format("is missing, which the phase '{}' paints by; give three weights", phase));
  check(config.phase == Phase::Detector || model.generator.has_dense_motion, ErrorKind::Model,
        "{}: the phase '{}' needs 'model_params.generator_params.dense_motion_params'; add them", shown, phase);
  refuse(weights.occlusion != 0 && !model.generator.estimate_occlusion_map, "loss_weights.occlusion",
         "needs 'model_params.generator_params.estimate_occlusion_map'; set that to True, or the weight to 0");
}

void read_schedule(const Section& section, TrainConfig& config) {
  constexpr int64_t most = int64_t{1} << 40;
  config.num_epochs = section->whole("num_epochs", 0, most);
  config.num_repeats = section->whole("num_repeats", 1, most, 1);
  config.epoch_milestones = section->get<std::vector<int64_t>>("epoch_milestones", std::vector<int64_t>{});
  check(std::is_sorted(config.epoch_milestones.begin(), config.epoch_milestones.end()), ErrorKind::Model,
        "{}: '{}' must rise; correct the config", section.shown(), section.name("epoch_milestones"));
  config.lr_generator = section.amount("lr_generator", 1);
  config.lr_discriminator = section.amount("lr_discriminator", 1);
  config.lr_kp_detector = section.amount("lr_kp_detector", 1);
  config.batch_size = section->whole("batch_size", 1, 1 << 16);
  config.checkpoint_freq = section->whole("checkpoint_freq", 1, most, 1);
  config.max_gradient_norm = section.amount("max_gradient_norm", kMaxWeight, 0);
  if (section->get<std::vector<double>>("heads_wildness", std::vector<double>{}).size() > 0) {
    const auto range = section.weights("heads_wildness", 2);
    check(range[0] <= range[1] && range[1] <= 2, ErrorKind::Model,
          "{}: '{}' is [{}, {}]; give a range between 0 and 2, as in [0.3, 1]", section.shown(),
          section.name("heads_wildness"), range[0], range[1]);
    config.heads_wildness = {range[0], range[1]};
  }
  config.align_corners = section->get<bool>("align_corners", false);
  read_phase_keys(section, config);
}

TrainConfig read(const YAML::Node& root, const std::string& shown, const models::fomm::Config& model) {
  const Section section(root, "train_params", shown);
  check(section->present(), ErrorKind::Model, "{}: has no 'train_params'; give a config with that section to train",
        shown);
  TrainConfig config;
  config.dataset = read_dataset(root, shown);
  config.discriminator = read_discriminator(root, shown);
  config.loss_weights = read_weights(root, shown, model, config.discriminator);
  config.transform = read_transform(root, shown, config.loss_weights.has_equivariance());
  config.scales = read_scales(section, true);
  read_schedule(section, config);
  check_phase(shown, model, config);
  check(
      !config.align_corners || model.grid == core::GridEnds::PixelCentres, ErrorKind::Model,
      "{}: 'train_params.align_corners' is True, and 'model_params.common_params.grid: edges' is for the other way of "
      "sampling; leave one of them out",
      shown);
  if (config.loss_weights.generator_gan == 0) return config;
  for (const Scale& scale : config.discriminator.scales) {
    check(std::count(config.scales.begin(), config.scales.end(), scale) == 1, ErrorKind::Model,
          "{}: the discriminator's scale {} is not among 'train_params.scales'; write it there in the same way", shown,
          scale.name);
  }
  return config;
}

}  // namespace

const char* word_of(Phase phase) {
  switch (phase) {
    case Phase::Detector: return "detector";
    case Phase::Motion: return "motion";
    case Phase::Generator: return "generator";
    case Phase::Together: return "together";
    case Phase::Whole: break;
  }
  return "";
}

TrainConfig TrainConfig::parse(const std::string& yaml, const std::string& shown, const models::fomm::Config& model) {
  return models::parse_yaml(yaml, shown, [&](const YAML::Node& root) {
    check(root.IsMap(), ErrorKind::Model, "{}: is not a FOMM config (a YAML file with train_params); give that file",
          shown);
    models::check_against_schema(root, models::fomm::config_schema(), shown, nullptr);
    return read(root, shown, model);
  });
}

TrainConfig TrainConfig::load(const std::filesystem::path& path, const models::fomm::Config& model) {
  return parse(models::read_config_text(path), show(path), model);
}

}  // namespace animate::train
