#include "models/video_ldm/ldm_weights.h"

#include <algorithm>
#include <sstream>

#include "base/error.h"
#include "core/weights.h"
#include "models/video_ldm/denoiser.h"
#include "models/video_ldm/stage_networks.h"

namespace animate::models::video_ldm {
namespace {

using video_diffusion::VideoUnet;

VideoUnet load_unet(const checkpoint::Checkpoint& file, const LdmConfig& config, Stage stage,
                    const torch::Device& device) {
  VideoUnet unet(config.unet_of(stage));
  const std::string scope(word_of(stage));
  core::load_state(*unet, file.scope(scope), scope);
  unet->to(device);
  unet->eval();
  return unet;
}

int64_t numbers_of(const torch::nn::Module& module) {
  int64_t sum = 0;
  for (const auto& parameter : module.parameters()) sum += parameter.numel();
  return sum;
}

}  // namespace

bool is_ldm_file(const std::filesystem::path& path) {
  return !std::filesystem::is_directory(path) && stage_of(checkpoint::Checkpoint::open(path)).has_value();
}

LdmNetworks LdmNetworks::open(const std::filesystem::path& path, const torch::Device& device) {
  const auto file = checkpoint::Checkpoint::open(path);
  const auto stage = stage_of(file);
  check(stage.has_value(), ErrorKind::Model, "{}: is no video LDM; give the model.safetensors of its training",
        show(path));
  check(*stage == Stage::Prediction || *stage == Stage::Interpolation, ErrorKind::Usage,
        "{}: is a video LDM of the stage {}, which cannot go on from a photo; train the stage prediction on it",
        show(path), word_of(*stage));
  const auto config = file.metadata().find("config");
  check(config != file.metadata().end(), ErrorKind::Model,
        "{}: holds no config; give the model.safetensors that training wrote", show(path));
  LdmNetworks networks;
  networks.name = path.stem().string();
  networks.config = LdmConfig::parse(config->second, show(path));
  networks.autoencoder = LatentAutoencoder(networks.config.vae);
  core::load_state(*networks.autoencoder, file.scope(kAutoencoderScope), "the autoencoder");
  networks.autoencoder->to(device);
  networks.prediction = load_unet(file, networks.config, Stage::Prediction, device);
  networks.parameters = numbers_of(*networks.autoencoder) + numbers_of(*networks.prediction);
  if (*stage == Stage::Interpolation) {
    networks.interpolation = load_unet(file, networks.config, Stage::Interpolation, device);
    networks.parameters += numbers_of(*networks.interpolation);
  }
  return networks;
}

torch::Tensor LdmNetworks::token_of(const std::string& labels) const {
  auto values = torch::zeros({1, static_cast<int64_t>(config.labels.size())});
  std::istringstream words(labels);
  for (std::string word; std::getline(words, word, ',');) {
    const auto found = std::find(config.labels.begin(), config.labels.end(), word);
    check(found != config.labels.end(), ErrorKind::Usage, "--labels {}: {} does not know '{}'; it knows {}",
          show(labels), name, show(word),
          config.labels.empty() ? "none" : fmt::format("{}", fmt::join(config.labels, ", ")));
    values[0][found - config.labels.begin()] = 1;
  }
  return label_tokens(values, torch::full({1}, labels.empty() ? 0.0F : 1.0F));
}

}  // namespace animate::models::video_ldm
