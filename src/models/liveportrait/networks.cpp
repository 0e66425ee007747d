#include "models/liveportrait/networks.h"

#include <array>

#include "base/error.h"
#include "base/log.h"
#include "core/weights.h"

namespace animate::models::liveportrait {
namespace {

// File entries of the retargeting networks (models/liveportrait/README.md#retargeting-file).
constexpr auto kRetargetingParts = std::to_array<const char*>({"retarget_shoulder", "retarget_mouth", "retarget_eye"});

int64_t count(const torch::nn::Module& module) {
  int64_t sum = 0;
  for (const auto& parameter : module.parameters()) sum += parameter.numel();
  return sum;
}

void freeze(torch::nn::Module& module) {
  module.eval();
  for (auto& parameter : module.parameters()) parameter.set_requires_grad(false);
}

// Weights whose spectral norms were folded before they were stored.
void accept_folded(SpadeGeneratorImpl& generator, const checkpoint::CheckpointScope& scope) {
  if (!scope.contains("G_middle_0.conv_0.weight")) return;
  for (auto& block : generator.middle) block->expect_folded_weights();
  generator.up_0->expect_folded_weights();
  generator.up_1->expect_folded_weights();
}

std::string retargeting_name(const char* part) { return std::string(kRetargeting) + "." + part; }

}  // namespace

Networks::Networks(const Config& config)
    : appearance(std::make_shared<AppearanceFeatureExtractorImpl>(config.appearance)),
      motion(std::make_shared<MotionExtractorImpl>(config.motion)),
      warping(std::make_shared<WarpingNetworkImpl>(config.warping)),
      spade(std::make_shared<SpadeGeneratorImpl>(config.spade)),
      retargeting(std::make_shared<RetargetingNetworks>(config)) {
  freeze(*appearance);
  freeze(*motion);
  freeze(*warping);
  freeze(*spade);
}

checkpoint::CheckpointScope scope_of(const ModelFiles& files, const std::string& network) {
  if (files.weights) return files.weights->scope(network);
  const size_t dot = network.find('.');
  const auto part = files.parts.find(network.substr(0, dot));
  check(part != files.parts.end(), ErrorKind::Internal, "the model {} has no part {}", files.name, network);
  if (dot == std::string::npos) return part->second.scope("");
  // ComfyUI's file calls the three networks in it retarget_eye_module and so on.
  const std::string name = network.substr(dot + 1);
  auto scope = part->second.scope(name);
  return scope.empty() ? part->second.scope(name + "_module") : scope;
}

void Networks::load(const ModelFiles& files) {
  core::load_state(*appearance, scope_of(files, kAppearance), kAppearance);
  core::load_state(*motion, scope_of(files, kMotion), kMotion);
  core::load_state(*warping, scope_of(files, kWarping), kWarping);
  const auto painter = scope_of(files, kSpade);
  accept_folded(*spade, painter);
  core::load_state(*spade, painter, kSpade);
  const bool has_retargeting = files.weights ? !scope_of(files, retargeting_name(kRetargetingParts[0])).empty()
                                             : files.parts.contains(kRetargeting);
  if (!has_retargeting) {
    log::warn("{}: has no {}; the face is not stitched and eyes and lips cannot be retargeted", files.name,
              kRetargeting);
    retargeting = nullptr;
    return;
  }
  const std::array<std::shared_ptr<MlpImpl>, 3> mlps{retargeting->stitching, retargeting->lip, retargeting->eye};
  for (size_t i = 0; i < mlps.size(); ++i) {
    core::load_state(*mlps[i], scope_of(files, retargeting_name(kRetargetingParts[i])), kRetargetingParts[i]);
  }
}

void Networks::fold() {
  core::nn::fold_batch_norm(*appearance);
  core::nn::fold_batch_norm(*warping);
  core::nn::fold_batch_norm(*spade);
}

void Networks::use_fast_convolutions(core::nn::ConvMode mode) {
  core::nn::use_fast_convolutions(*appearance, mode);
  core::nn::use_fast_convolutions(*motion, mode);
  core::nn::use_fast_convolutions(*warping, mode);
  core::nn::use_fast_convolutions(*spade, mode);
}

void Networks::to(torch::Device device) {
  appearance->to(device);
  motion->to(device);
  warping->to(device);
  spade->to(device);
}

int64_t Networks::parameters() const {
  int64_t sum = count(*appearance) + count(*motion) + count(*warping) + count(*spade);
  if (retargeting) {
    for (const auto& mlp : {retargeting->stitching, retargeting->lip, retargeting->eye}) sum += count(*mlp);
  }
  return sum;
}

Config find_config(const ModelFiles& files) {
  std::vector<std::string> warnings;
  Config config;
  if (!files.config.empty()) {
    config = Config::load(files.config, &warnings);
  } else if (files.weights && files.weights->metadata().contains("config")) {
    config = Config::parse(files.weights->metadata().at("config"), files.weights->name(), &warnings);
  }
  for (const std::string& warning : warnings) log::warn("{}", warning);
  return config;
}

PackedModel pack(const ModelFiles& files) {
  const Config config = find_config(files);
  Networks networks(config);
  networks.load(files);
  PackedModel packed;
  for (const char* network : {kAppearance, kMotion, kWarping, kSpade}) {
    packed.scopes.emplace(network, scope_of(files, network));
  }
  if (networks.retargeting) {
    for (const char* part : kRetargetingParts) {
      packed.scopes.emplace(retargeting_name(part), scope_of(files, retargeting_name(part)));
    }
  }
  if (!config.yaml.empty()) packed.metadata["config"] = config.yaml;
  return packed;
}

}  // namespace animate::models::liveportrait
