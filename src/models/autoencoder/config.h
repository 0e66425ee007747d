#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace animate::models::autoencoder {

// Side of the pictures in pixels. It follows from the layers: four halvings, and a last kernel of 4 without padding.
inline constexpr int64_t kSide = 64;

// What the networks are built with (models/autoencoder/README.md#networks).
struct Config {
  static constexpr int64_t kMaxWidth = 512;
  static constexpr int64_t kMaxNumbers = 1 << 14;

  int64_t width = 64;      // channels of the first map, 1 to kMaxWidth
  int64_t numbers = 1024;  // of a code, 1 to kMaxNumbers

  // Section model_params.autoencoder_params of a YAML config, keys width and encoded_dim; what is absent is as above.
  // Throws Error(Input) for a file that is not read, Error(Model) naming file and key.
  static Config load(const std::filesystem::path& path, std::vector<std::string>* warnings = nullptr);
  // The same from text; `shown` names it in messages.
  static Config parse(const std::string& yaml, const std::string& shown, std::vector<std::string>* warnings = nullptr);

  // As a YAML config of its own, for the metadata of weights.
  std::string yaml() const;
};

}  // namespace animate::models::autoencoder
