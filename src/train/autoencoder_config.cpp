#include "train/autoencoder_config.h"

#include "base/error.h"
#include "base/log.h"
#include "models/autoencoder/config_keys.h"
#include "models/yaml_config.h"

namespace animate::train {
namespace {

void read_wildness(const models::YamlSection& section, const std::string& shown, std::array<double, 2>& range) {
  const auto values =
      section.get<std::vector<double>>("heads_wildness", std::vector<double>(range.begin(), range.end()));
  check(values.size() == 2 && values[0] >= 0 && values[0] <= values[1] && values[1] <= 2, ErrorKind::Model,
        "{}: 'train_params.heads_wildness' must be two numbers between 0 and 2 that do not fall, as in [0.3, 1]; "
        "correct the config",
        shown);
  range = {values[0], values[1]};
}

AutoencoderConfig read_training(const YAML::Node& root, const std::string& shown) {
  constexpr int64_t most = int64_t{1} << 40;
  const models::YamlSection section(root, "train_params", shown, models::autoencoder::kFamilyName);
  check(section.present(), ErrorKind::Model, "{}: has no 'train_params'; give a config with that section to train",
        shown);
  AutoencoderConfig config;
  const auto optimiser = section.get<std::string>("optimiser", "sgd");
  check(optimiser == "sgd" || optimiser == "adam", ErrorKind::Model,
        "{}: 'train_params.optimiser' is '{}', it must be sgd or adam; correct the config", shown, optimiser);
  const auto loss = section.get<std::string>("loss", "mse");
  check(loss == "mse", ErrorKind::Model, "{}: 'train_params.loss' is '{}', it must be mse; correct the config", shown,
        loss);
  if (optimiser == "adam") {
    config.optimiser = AutoencoderConfig::Optimiser::Adam;
    config.lr = 1e-3;
  }
  config.num_epochs = section.whole("num_epochs", 0, most, config.num_epochs);
  config.batch_size = section.whole("batch_size", 1, 1 << 16, config.batch_size);
  config.lr = section.positive("lr", 10, config.lr);
  config.momentum = section.get<double>("momentum", config.momentum);
  check(config.momentum >= 0 && config.momentum < 1, ErrorKind::Model,
        "{}: 'train_params.momentum' is {}, it must lie in 0 to 1, below 1; correct the config", shown,
        config.momentum);
  config.lr_half_life = section.whole("lr_half_life", 0, most, config.lr_half_life);
  config.horizontal_flip = section.get<bool>("horizontal_flip", config.horizontal_flip);
  config.pictures = section.whole("pictures", 0, 1 << 20, config.pictures);
  read_wildness(section, shown, config.heads_wildness);
  config.distribution_pictures = section.whole("distribution_pictures", 0, 1 << 24, config.distribution_pictures);
  config.validate_every = section.whole("validate_every", 0, most, config.validate_every);
  config.validate_pictures = section.whole("validate_pictures", 2, 1 << 16, config.validate_pictures);
  config.linear_code_pictures = section.whole("linear_code_pictures", 2, 1 << 15, config.linear_code_pictures);
  return config;
}

}  // namespace

AutoencoderConfig AutoencoderConfig::parse(const std::string& yaml, const std::string& shown) {
  std::vector<std::string> warnings;
  const auto model = models::autoencoder::Config::parse(yaml, shown, &warnings);
  for (const std::string& warning : warnings) log::warn("{}", warning);
  AutoencoderConfig config =
      models::parse_yaml(yaml, shown, [&](const YAML::Node& root) { return read_training(root, shown); });
  config.model = model;
  config.yaml = yaml;
  return config;
}

AutoencoderConfig AutoencoderConfig::load(const std::filesystem::path& path) {
  return parse(models::read_config_text(path), show(path));
}

}  // namespace animate::train
