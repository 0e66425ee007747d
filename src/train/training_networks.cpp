#include "train/training_networks.h"

#include "base/error.h"
#include "core/weights.h"

namespace animate::train {

TrainingNetworks::TrainingNetworks(const fomm::Config& model, const TrainConfig& config)
    : generator(std::make_shared<fomm::OcclusionAwareGeneratorImpl>(model)),
      detector(std::make_shared<fomm::KeypointDetectorImpl>(model)) {
  if (!config.discriminator.scales.empty()) {
    discriminator = std::make_shared<DiscriminatorImpl>(model, config.discriminator);
  }
}

void TrainingNetworks::load(const Checkpoint& weights) {
  for (const char* scope : {"generator", "kp_detector"}) {
    check(!weights.scope(scope).empty(), ErrorKind::Model,
          "{}: has no '{}' entry; give a FOMM checkpoint with generator and kp_detector", weights.name(), scope);
  }
  load_state(*generator, weights.scope("generator"), "generator");
  load_state(*detector, weights.scope("kp_detector"), "kp_detector");
  const auto critic = weights.scope("discriminator");
  if (discriminator && !critic.empty()) load_state(*discriminator, critic, "discriminator");
}

void TrainingNetworks::to(const torch::Device& device) {
  generator->to(device);
  detector->to(device);
  if (discriminator) discriminator->to(device);
}

void TrainingNetworks::train(bool on) {
  generator->train(on);
  detector->train(on);
  if (discriminator) discriminator->train(on);
}

}  // namespace animate::train
