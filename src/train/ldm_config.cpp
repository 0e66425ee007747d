#include "train/ldm_config.h"

#include <algorithm>

#include "base/error.h"
#include "base/log.h"
#include "heads/labelled_clips.h"
#include "models/yaml_config.h"

namespace animate::train {
namespace {

namespace ldm = models::video_ldm;

ldm::Stage read_stage(const models::YamlSection& section, const std::string& shown) {
  const auto word = section.get<std::string>("stage");
  const auto found = std::find(ldm::kStages.begin(), ldm::kStages.end(), word);
  check(found != ldm::kStages.end(), ErrorKind::Model,
        "{}: 'train_params.stage' is '{}', it must be one of {}; correct the config", shown, word,
        fmt::join(ldm::kStages, ", "));
  return static_cast<ldm::Stage>(found - ldm::kStages.begin());
}

// A number from `low` to below `high`.
double share(const models::YamlSection& section, const std::string& key, double high, double fallback,
             const std::string& shown) {
  const auto value = section.get<double>(key, fallback);
  check(value >= 0 && value < high, ErrorKind::Model,
        "{}: 'train_params.{}' is {}, it must lie in 0 to {}, below {}; correct the config", shown, key, value, high,
        high);
  return value;
}

void read_context(const models::YamlSection& section, const std::string& shown, LdmTrainConfig& config) {
  config.context_frames = section.get<std::vector<int64_t>>("context_frames", config.context_frames);
  check(!config.context_frames.empty(), ErrorKind::Model,
        "{}: 'train_params.context_frames' is empty; give how many frames may be known, as in [0, 1, 2]", shown);
  for (const int64_t known : config.context_frames) {
    check(known >= 0 && known < config.model.frames, ErrorKind::Model,
          "{}: 'train_params.context_frames' holds {}, and a clip has {} frames, of which one at least has to be "
          "predicted; give fewer",
          shown, known, config.model.frames);
  }
}

void check_labels(const std::vector<std::string>& labels, const std::string& shown) {
  const auto known = heads::drawn_labels();
  for (const std::string& label : labels) {
    check(std::find(known.begin(), known.end(), label) != known.end(), ErrorKind::Model,
          "{}: '{}.labels' holds '{}', which nobody can tell of a drawn clip; choose from {}", shown, ldm::kSection,
          label, fmt::join(known, ", "));
  }
}

LdmTrainConfig read_ldm_training(const YAML::Node& root, const std::string& shown, const ldm::LdmConfig& model) {
  constexpr int64_t most = int64_t{1} << 40;
  const models::YamlSection section(root, "train_params", shown, ldm::kFamilyName);
  check(section.present(), ErrorKind::Model, "{}: has no 'train_params'; give a config with that section to train",
        shown);
  LdmTrainConfig config;
  config.model = model;
  config.stage = read_stage(section, shown);
  config.num_epochs = section.whole("num_epochs", 0, most, config.num_epochs);
  config.batch_size = section.whole("batch_size", 1, 1 << 16, config.batch_size);
  config.lr = section.positive("lr", 10, config.lr);
  config.lr_half_life = section.whole("lr_half_life", 0, most, config.lr_half_life);
  config.max_gradient_norm = section.positive("max_gradient_norm", 1e6, config.max_gradient_norm);
  config.ema = share(section, "ema", 1, config.ema, shown);
  config.kl_weight = share(section, "kl_weight", 1, config.kl_weight, shown);
  config.sigma_mean = section.get<double>("sigma_mean", config.sigma_mean);
  config.sigma_deviation = section.positive("sigma_deviation", 10, config.sigma_deviation);
  config.drop = share(section, "drop", 1, config.drop, shown);
  read_context(section, shown, config);
  config.clips = section.whole("clips", 0, 1 << 20, config.clips);
  config.validate_every = section.whole("validate_every", 0, most, config.validate_every);
  config.validate_clips = section.whole("validate_clips", 1, 1 << 16, config.validate_clips);
  return config;
}

}  // namespace

LdmTrainConfig LdmTrainConfig::parse(const std::string& yaml, const std::string& shown) {
  std::vector<std::string> warnings;
  const auto model = ldm::LdmConfig::parse(yaml, shown, &warnings);
  for (const std::string& warning : warnings) log::warn("{}", warning);
  check_labels(model.labels, shown);
  return models::parse_yaml(yaml, shown, [&](const YAML::Node& root) { return read_ldm_training(root, shown, model); });
}

LdmTrainConfig LdmTrainConfig::load(const std::filesystem::path& path) {
  return parse(models::read_config_text(path), show(path));
}

}  // namespace animate::train
