#pragma once

#include <optional>

#include "train/adam.h"
#include "train/training_networks.h"

namespace animate::train {

// One Adam a network, with the learning rates of the config (models/fomm/README.md#optimisers).
struct Optimisers {
  Adam generator;
  Adam detector;
  std::optional<Adam> discriminator;

  // At epoch 0. The networks must be on their device already.
  Optimisers(const TrainingNetworks& networks, const TrainConfig& config);

  // The learning rates of an epoch, counted from 0.
  void set_epoch(const TrainConfig& config, int64_t epoch);
  // Limits the Euclidean norm of generator's and detector's gradients, each by itself. Returns the larger norm as it
  // was.
  double clip_gradients(double max_norm);
  void zero_grad();
};

}  // namespace animate::train
