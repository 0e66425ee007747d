#pragma once

#include <memory>

#include "checkpoint/checkpoint.h"
#include "models/fomm/keypoint_detector.h"
#include "models/fomm/occlusion_aware_generator.h"
#include "train/discriminator.h"

namespace animate::train {

// The three networks of a training run, in training mode, with gradients. `discriminator` is null where the config
// names no scale for one.
struct TrainingNetworks {
  std::shared_ptr<models::fomm::OcclusionAwareGeneratorImpl> generator;
  std::shared_ptr<models::fomm::KeypointDetectorImpl> detector;
  std::shared_ptr<DiscriminatorImpl> discriminator;

  // Fresh networks, initialised from LibTorch's default random generator (torch::manual_seed).
  TrainingNetworks(const models::fomm::Config& model, const TrainConfig& config);

  // Fills the networks from the scopes generator, kp_detector and discriminator. A checkpoint without a discriminator
  // (an exported model) leaves it fresh. Throws Error(Model) for weights that do not fit.
  void load(const checkpoint::Checkpoint& weights);
  // Starts a new run from another model's weights, whose layout may differ: what does not fit stays fresh. Returns the
  // names of the parameters and buffers that did. Throws Error(Model) when nothing fits.
  std::vector<std::string> start_from(const checkpoint::Checkpoint& weights);
  // Moves them there, weights laid out channels last.
  void to(const torch::Device& device);
  void train(bool on = true);
};

}  // namespace animate::train
