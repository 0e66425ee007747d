#include "train/optimisers.h"

#include <torch/nn/utils/clip_grad.h>

#include <algorithm>

namespace animate::train {

Optimisers::Optimisers(const TrainingNetworks& networks, const TrainConfig& config)
    : generator(networks.generator->parameters(), config.lr_generator),
      detector(networks.detector->parameters(), config.lr_kp_detector) {
  if (networks.discriminator) discriminator.emplace(networks.discriminator->parameters(), config.lr_discriminator);
  set_epoch(config, 0);
}

void Optimisers::set_epoch(const TrainConfig& config, int64_t epoch) {
  generator.set_learning_rate(learning_rate_at(config.lr_generator, config.epoch_milestones, epoch));
  detector.set_learning_rate(learning_rate_at(config.lr_kp_detector, config.epoch_milestones, epoch));
  if (!discriminator) return;
  discriminator->set_learning_rate(learning_rate_at(config.lr_discriminator, config.epoch_milestones, epoch));
}

double Optimisers::clip_gradients(double max_norm) {
  return std::max(torch::nn::utils::clip_grad_norm_(generator.parameters(), max_norm),
                  torch::nn::utils::clip_grad_norm_(detector.parameters(), max_norm));
}

void Optimisers::zero_grad() {
  generator.zero_grad();
  detector.zero_grad();
  if (discriminator) discriminator->zero_grad();
}

}  // namespace animate::train
