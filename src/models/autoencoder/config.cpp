#include "models/autoencoder/config.h"

#include <array>

#include "base/error.h"
#include "models/autoencoder/config_keys.h"
#include "models/yaml_config.h"

namespace animate::models::autoencoder {

std::span<const SchemaKey> config_schema() {
  static constexpr auto keys = std::to_array<SchemaKey>({
      {"model_params", KeyType::Section},
      {"model_params.autoencoder_params", KeyType::Section},
      {"model_params.autoencoder_params.width", KeyType::Int},
      {"model_params.autoencoder_params.encoded_dim", KeyType::Int},
      {"train_params", KeyType::Section},
      {"train_params.num_epochs", KeyType::Int},
      {"train_params.batch_size", KeyType::Int},
      {"train_params.optimiser", KeyType::String},
      {"train_params.lr", KeyType::Float},
      {"train_params.momentum", KeyType::Float},
      {"train_params.lr_half_life", KeyType::Int},
      {"train_params.loss", KeyType::String},
      {"train_params.pictures", KeyType::Int},
      {"train_params.horizontal_flip", KeyType::Bool},
      {"train_params.heads_wildness", KeyType::List},
      {"train_params.distribution_pictures", KeyType::Int},
      {"train_params.validate_every", KeyType::Int},
      {"train_params.validate_pictures", KeyType::Int},
      {"train_params.linear_code_pictures", KeyType::Int},
  });
  return keys;
}

Config Config::parse(const std::string& yaml, const std::string& shown, std::vector<std::string>* warnings) {
  return parse_yaml(yaml, shown, [&](const YAML::Node& root) {
    const YamlSection section(root, kSection, shown, kFamilyName);
    check(section.present(), ErrorKind::Model, "{}: has no '{}'; give the config of an autoencoder", shown, kSection);
    check_against_schema(root, config_schema(), shown, warnings);
    Config config;
    config.width = section.whole("width", 1, kMaxWidth, config.width);
    config.numbers = section.whole("encoded_dim", 1, kMaxNumbers, config.numbers);
    return config;
  });
}

Config Config::load(const std::filesystem::path& path, std::vector<std::string>* warnings) {
  return parse(read_config_text(path), show(path), warnings);
}

std::string Config::yaml() const {
  return fmt::format("model_params:\n  autoencoder_params:\n    width: {}\n    encoded_dim: {}\n", width, numbers);
}

}  // namespace animate::models::autoencoder
