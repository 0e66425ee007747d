#include "models/video_ldm/config.h"

#include <algorithm>

namespace animate::models::video_ldm {
namespace {

constexpr int64_t kMostChannels = 1 << 12;

std::vector<int64_t> channels_of(const YamlSection& section, const std::string& name, const std::string& shown,
                                 int64_t groups, const std::vector<int64_t>& fallback) {
  auto channels = section.get<std::vector<int64_t>>("channels", fallback);
  check(!channels.empty(), ErrorKind::Model, "{}: '{}.channels' is empty; give the channels of a level or more", shown,
        name);
  for (const int64_t width : channels) {
    check(width > 0 && width <= kMostChannels && width % groups == 0, ErrorKind::Model,
          "{}: '{}.channels' holds {}, which is no multiple of its {} norm groups up to {}; correct the config", shown,
          name, width, groups, kMostChannels);
  }
  return channels;
}

video_diffusion::VaeConfig read_vae(const YAML::Node& root, const std::string& shown) {
  const std::string name = std::string(kSection) + ".autoencoder";
  const YamlSection section(root, name, shown, kFamilyName);
  video_diffusion::VaeConfig vae;
  vae.groups = section.whole("groups", 1, 256, 8);
  vae.channels = channels_of(section, name, shown, vae.groups, {16, 32, 64});
  vae.layers = section.whole("layers", 1, 16, 1);
  vae.latent_channels = section.whole("latent_channels", 1, 64, 4);
  vae.scaling = 1;  // latents have means and deviations of their own, see LatentAutoencoder
  vae.temporal = false;
  return vae;
}

video_diffusion::UnetConfig read_unet(const YAML::Node& root, const std::string& shown, const LdmConfig& config) {
  const std::string name = std::string(kSection) + ".unet";
  const YamlSection section(root, name, shown, kFamilyName);
  video_diffusion::UnetConfig unet;
  unet.in_channels = unet.out_channels = config.vae.latent_channels;
  unet.groups = section.whole("groups", 1, 256, 16);
  unet.channels = channels_of(section, name, shown, unet.groups, {48, 96});
  const size_t levels = unet.channels.size();
  unet.heads = section.get<std::vector<int64_t>>("heads", std::vector<int64_t>(levels, 1));
  unet.attends = section.get<std::vector<bool>>("attends", std::vector<bool>(levels, true));
  check(unet.heads.size() == levels && unet.attends.size() == levels, ErrorKind::Model,
        "{}: '{}' needs as many entries in heads and attends as it has channels; correct the config", shown, name);
  for (size_t i = 0; i < levels; ++i) {
    check(unet.heads[i] > 0 && unet.channels[i] % unet.heads[i] == 0, ErrorKind::Model,
          "{}: '{}': {} channels are no multiple of {} heads; correct the config", shown, name, unet.channels[i],
          unet.heads[i]);
  }
  unet.layers = section.whole("layers", 1, 16, 1);
  unet.token_width = static_cast<int64_t>(config.labels.size()) + 1;
  unet.ids = 1;
  unet.id_width = section.whole("id_width", 2, 1024, 16);
  check(unet.id_width % 2 == 0, ErrorKind::Model, "{}: '{}.id_width' is {}, it must be even; correct the config", shown,
        name, unet.id_width);
  unet.context_width = section.whole("context_width", 1, kMostChannels, 16);
  unet.frames = config.frames;
  return unet;
}

}  // namespace

std::span<const SchemaKey> config_schema() {
  static constexpr auto keys = std::to_array<SchemaKey>({
      {"model_params", KeyType::Section},
      {"model_params.video_ldm_params", KeyType::Section},
      {"model_params.video_ldm_params.picture", KeyType::Int},
      {"model_params.video_ldm_params.frames", KeyType::Int},
      {"model_params.video_ldm_params.rate", KeyType::Float},
      {"model_params.video_ldm_params.labels", KeyType::List},
      {"model_params.video_ldm_params.autoencoder", KeyType::Section},
      {"model_params.video_ldm_params.autoencoder.channels", KeyType::List},
      {"model_params.video_ldm_params.autoencoder.layers", KeyType::Int},
      {"model_params.video_ldm_params.autoencoder.latent_channels", KeyType::Int},
      {"model_params.video_ldm_params.autoencoder.groups", KeyType::Int},
      {"model_params.video_ldm_params.unet", KeyType::Section},
      {"model_params.video_ldm_params.unet.channels", KeyType::List},
      {"model_params.video_ldm_params.unet.layers", KeyType::Int},
      {"model_params.video_ldm_params.unet.heads", KeyType::List},
      {"model_params.video_ldm_params.unet.attends", KeyType::List},
      {"model_params.video_ldm_params.unet.groups", KeyType::Int},
      {"model_params.video_ldm_params.unet.id_width", KeyType::Int},
      {"model_params.video_ldm_params.unet.context_width", KeyType::Int},
      {"train_params", KeyType::Section},
      {"train_params.stage", KeyType::String},
      {"train_params.num_epochs", KeyType::Int},
      {"train_params.batch_size", KeyType::Int},
      {"train_params.lr", KeyType::Float},
      {"train_params.lr_half_life", KeyType::Int},
      {"train_params.max_gradient_norm", KeyType::Float},
      {"train_params.ema", KeyType::Float},
      {"train_params.kl_weight", KeyType::Float},
      {"train_params.sigma_mean", KeyType::Float},
      {"train_params.sigma_deviation", KeyType::Float},
      {"train_params.drop", KeyType::Float},
      {"train_params.context_frames", KeyType::List},
      {"train_params.clips", KeyType::Int},
      {"train_params.validate_every", KeyType::Int},
      {"train_params.validate_clips", KeyType::Int},
  });
  return keys;
}

video_diffusion::UnetConfig LdmConfig::unet_of(Stage stage) const {
  video_diffusion::UnetConfig built = unet;
  built.frames = frames_of(stage);
  built.temporal = stage != Stage::Image;
  if (stage == Stage::Image || stage == Stage::Temporal) built.context_width = 0;
  return built;
}

int64_t LdmConfig::frames_of(Stage stage) const {
  switch (stage) {
    case Stage::Autoencoder:
    case Stage::Image: return 1;
    case Stage::Interpolation: return kInterpolated + 1;
    default: return frames;
  }
}

LdmConfig LdmConfig::parse(const std::string& yaml, const std::string& shown, std::vector<std::string>* warnings) {
  return parse_yaml(yaml, shown, [&](const YAML::Node& root) {
    const YamlSection section(root, kSection, shown, kFamilyName);
    check(section.present(), ErrorKind::Model, "{}: has no '{}'; give the config of a {}", shown, kSection,
          kFamilyName);
    check_against_schema(root, config_schema(), shown, warnings);
    LdmConfig config;
    config.yaml = yaml;
    config.picture = section.whole("picture", 16, 1024, config.picture);
    config.frames = section.whole("frames", 2, 256, config.frames);
    config.rate = section.positive("rate", 1000, config.rate);
    config.labels = section.get<std::vector<std::string>>("labels", std::vector<std::string>());
    for (const std::string& label : config.labels) {
      check(std::count(config.labels.begin(), config.labels.end(), label) == 1, ErrorKind::Model,
            "{}: '{}.labels' holds {} twice; correct the config", shown, kSection, label);
    }
    config.vae = read_vae(root, shown);
    check(config.picture % config.vae.factor() == 0, ErrorKind::Model,
          "{}: '{}.picture' is {}, which is no multiple of the autoencoder's factor {}; correct the config", shown,
          kSection, config.picture, config.vae.factor());
    config.unet = read_unet(root, shown, config);
    return config;
  });
}

LdmConfig LdmConfig::load(const std::filesystem::path& path, std::vector<std::string>* warnings) {
  return parse(read_config_text(path), show(path), warnings);
}

}  // namespace animate::models::video_ldm
