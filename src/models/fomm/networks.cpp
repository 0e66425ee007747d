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

// Makes room for the blur kernels that the file holds, whatever size the config's scale asks for: networks are also run
// at another scale than they were trained at. What is no odd square is left to load_state() to refuse.
void expect_stored_kernels(torch::nn::Module& network, const checkpoint::CheckpointScope& scope) {
  constexpr int64_t largest = 255;
  const torch::NoGradGuard no_grad;
  for (const auto& item : network.named_modules()) {
    auto* filter = dynamic_cast<core::nn::AntiAliasInterpolation2dImpl*>(item.value().get());
    const std::string name = item.key() + ".weight";
    if (filter == nullptr || !scope.contains(name)) continue;
    const std::vector<int64_t>& stored = scope.info(name).shape;
    const int64_t own = filter->weight.size(2);
    const bool usable = stored.size() == 4 && stored[0] == filter->weight.size(0) && stored[1] == 1 &&
                        stored[2] == stored[3] && stored[2] % 2 == 1 && stored[2] <= largest;
    if (!usable || stored[2] == own) continue;
    log::info("{}: its blur kernel {} is {}x{}, the config's scale asks for {}x{}; the file's is used",
              scope.checkpoint().name(), name, stored[2], stored[2], own, own);
    filter->weight.set_data(torch::zeros(stored, filter->weight.options()));
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
  const auto load = [&weights](torch::nn::Module& network, const char* name) {
    const auto scope = weights.scope(name);
    expect_stored_kernels(network, scope);
    core::load_state(network, scope, name);
  };
  load(*detector, "kp_detector");
  load(*generator, "generator");
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
