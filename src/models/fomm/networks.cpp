#include "base/error.h"
#include "base/log.h"
#include "core/weights.h"
#include "models/fomm/detect_config.h"
#include "models/fomm/fomm_model.h"

namespace animate::models::fomm {
namespace {

int64_t count(const torch::nn::Module& module) {
  int64_t sum = 0;
  for (const auto& parameter : module.parameters()) sum += parameter.numel();
  return sum;
}

void require_networks(const checkpoint::Checkpoint& weights) {
  for (const char* scope : {"kp_detector", "generator"}) {
    check(!weights.scope(scope).empty(), ErrorKind::Model,
          "{}: has no '{}' entry; give a FOMM checkpoint with generator and kp_detector", weights.name(), scope);
  }
}

}  // namespace

Networks::Networks(const Config& config)
    : detector(std::make_shared<KeypointDetectorImpl>(config)),
      generator(std::make_shared<OcclusionAwareGeneratorImpl>(config)) {
  for (torch::nn::Module* module :
       {static_cast<torch::nn::Module*>(detector.get()), static_cast<torch::nn::Module*>(generator.get())}) {
    module->eval();
    for (auto& parameter : module->parameters()) parameter.set_requires_grad(false);
  }
}

void Networks::load(const checkpoint::Checkpoint& weights) {
  require_networks(weights);
  core::load_state(*detector, weights.scope("kp_detector"), "kp_detector");
  core::load_state(*generator, weights.scope("generator"), "generator");
}

void Networks::fold() {
  core::nn::fold_batch_norm(*detector);
  core::nn::fold_batch_norm(*generator);
}

void Networks::use_fast_convolutions(core::nn::ConvMode mode) {
  core::nn::use_fast_convolutions(*detector, mode);
  core::nn::use_fast_convolutions(*generator, mode);
}

int64_t Networks::parameters() const { return count(*detector) + count(*generator); }

Config find_config(const ModelFiles& files) {
  if (files.weights) require_networks(*files.weights);
  std::vector<std::string> warnings;
  Config config;
  if (!files.config.empty()) {
    config = Config::load(files.config, &warnings);
  } else {
    const auto& metadata = files.weights->metadata();
    if (const auto stored = metadata.find("config"); stored != metadata.end()) {
      config = Config::parse(stored->second, files.weights->name(), &warnings);
    } else {
      config = detect_config(*files.weights);
      warnings.push_back(fmt::format(
          "{}: no config was given; its layout was told from the shapes of the weights, with temperature 0.1, "
          "kp_variance 0.01, pad 0 and frames of {}x{}",
          files.weights->name(), config.frame_width, config.frame_height));
    }
  }
  for (const std::string& warning : warnings) log::warn("{}", warning);
  return config;
}

}  // namespace animate::models::fomm
