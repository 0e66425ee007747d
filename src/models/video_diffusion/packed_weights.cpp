#include "models/video_diffusion/packed_weights.h"

#include "models/yaml_config.h"

namespace animate::models::video_diffusion {
namespace {

constexpr const char* kPublishedConfig = "{}";

}  // namespace

bool is_packed(const checkpoint::Checkpoint& file) {
  return file.contains("unet.conv_in.weight") && file.contains("image_encoder.visual_projection.weight");
}

std::string config_key(std::string_view network) { return std::string(network) + ".config"; }

std::string packed_config(const checkpoint::Checkpoint& file, std::string_view network) {
  const auto found = file.metadata().find(config_key(network));
  return found == file.metadata().end() ? kPublishedConfig : found->second;
}

Configs packed_configs(const checkpoint::Checkpoint& file) {
  const auto parsed = [&](std::string_view network, auto&& parse) {
    return parse(packed_config(file, network), fmt::format("{}: {}", file.name(), config_key(network)));
  };
  return {parsed("unet", UnetConfig::parse), parsed("vae", VaeConfig::parse),
          parsed("image_encoder", ClipConfig::parse)};
}

std::string config_text(const std::filesystem::path& folder) {
  const auto file = folder / "config.json";
  std::error_code ec;
  return std::filesystem::exists(file, ec) ? read_config_text(file) : kPublishedConfig;
}

}  // namespace animate::models::video_diffusion
