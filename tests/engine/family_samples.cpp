#include "engine/family_samples.h"

#include <filesystem>
#include <map>

#include "core/nn/layers.h"
#include "core/weights.h"
#include "engine/toy_family/toy_family.h"
#include "models/autoencoder/networks.h"
#include "models/video_ldm/latent_autoencoder.h"
#include "models/video_ldm/stage_networks.h"
#include "portrait_samples.h"

namespace animate::test {
namespace {

namespace fs = std::filesystem;
using namespace models;

ModelSpec identity_spec(const TempDir&) { return {"identity", {}}; }

ModelSpec fomm_spec(const TempDir&) {
  const fs::path root = fs::path(ANIMATE_TEST_DATA) / "golden" / "fomm";
  return {(root / "checkpoints" / "nojac.legacy.pth.tar").string(), root / "configs" / "nojac.yaml"};
}

// One file, as `animate convert` writes it.
ModelSpec liveportrait_spec(const TempDir& folder) {
  namespace lp = liveportrait;
  torch::manual_seed(3);
  const auto config = small_liveportrait_config();
  const lp::Networks networks(config);
  std::map<std::string, torch::Tensor> tensors;
  const auto add = [&](const std::string& prefix, const torch::nn::Module& module) {
    for (const auto& entry : module.named_parameters()) tensors[prefix + "." + entry.key()] = entry.value().detach();
    for (const auto& entry : module.named_buffers()) tensors[prefix + "." + entry.key()] = entry.value();
  };
  add(lp::kAppearance, *networks.appearance);
  add(lp::kMotion, *networks.motion);
  add(lp::kWarping, *networks.warping);
  add(lp::kSpade, *networks.spade);
  core::save_tensors(folder / "small.safetensors", tensors,
                     {{"format", "animate-model"}, {"family", "liveportrait"}, {"config", config.yaml}});
  return {(folder / "small.safetensors").string(), {}};
}

// As `animate train` writes it: codes of five numbers, with a distribution.
ModelSpec autoencoder_spec(const TempDir& folder) {
  torch::manual_seed(4);
  const autoencoder::FaceAutoencoderImpl networks(autoencoder::Config{2, 5});
  std::map<std::string, torch::Tensor> tensors;
  for (const auto& entry : networks.named_parameters()) tensors[entry.key()] = entry.value().detach();
  for (const auto& entry : networks.named_buffers()) tensors[entry.key()] = entry.value();
  tensors["distribution.mean"] = torch::zeros({5}, torch::kDouble);
  tensors["distribution.variances"] = torch::ones({5}, torch::kDouble);
  tensors["distribution.directions"] = torch::eye(5);
  core::save_tensors(folder / "codec.safetensors", tensors, {{"format", "animate-model"}, {"family", "autoencoder"}});
  return {(folder / "codec.safetensors").string(), {}};
}

// A folder with a file a network, tiny.
ModelSpec video_spec(const TempDir&) {
  return {(fs::path(ANIMATE_TEST_DATA) / "golden" / "svd" / "checkpoint" / "diffusers").string(), {}};
}

// As `animate train` writes it after the stage prediction, tiny.
ModelSpec video_ldm_spec(const TempDir& folder) {
  namespace ldm = video_ldm;
  const auto config = ldm::LdmConfig::parse(
      "model_params:\n  video_ldm_params:\n    picture: 64\n    frames: 3\n    labels: [turn]\n"
      "    autoencoder: {channels: [4, 4, 4], groups: 2}\n"
      "    unet: {channels: [4], heads: [1], attends: [True], groups: 2, id_width: 2, context_width: 2}\n",
      "small.yaml");
  ldm::LatentAutoencoder autoencoder(config.vae);
  video_diffusion::VideoUnet unet(config.unet_of(ldm::Stage::Prediction));
  core::nn::fill_randomly(*autoencoder, 5);
  core::nn::fill_randomly(*unet, 6);
  std::map<std::string, torch::Tensor> tensors;
  for (const auto& entry : autoencoder->named_parameters()) tensors["autoencoder." + entry.key()] = entry.value();
  for (const auto& entry : autoencoder->named_buffers()) tensors["autoencoder." + entry.key()] = entry.value();
  for (const auto& entry : unet->named_parameters()) tensors["prediction." + entry.key()] = entry.value();
  core::save_tensors(folder / "clips.safetensors", tensors,
                     {{"format", "animate-model"}, {"family", "video_ldm"}, {"config", config.yaml}});
  return {(folder / "clips.safetensors").string(), {}};
}

// Shaded colours have no face: the whole picture is animated.
AnimateOptions whole_picture() {
  AnimateOptions options;
  options.crop.crop.kind = CropChoice::Kind::None;
  return options;
}

}  // namespace

std::vector<FamilySample> family_samples() {
  return {{"fomm", fomm_spec, {}},
          {"liveportrait", liveportrait_spec, whole_picture()},
          {"autoencoder", autoencoder_spec, {}},
          {"video_diffusion", video_spec, {}},
          {"video_ldm", video_ldm_spec, {}},
          {"identity", identity_spec, {}},
          toy_sample()};
}

}  // namespace animate::test
