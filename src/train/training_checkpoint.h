#pragma once

#include <filesystem>
#include <string>

#include "train/optimisers.h"
#include "train/run_checkpoint.h"

namespace animate::train {

// FOMM's networks and optimisers as its published checkpoints name them (models/fomm/README.md#checkpoints).
TrainingState state_of(const TrainingNetworks& networks, Optimisers& optimisers);

// Writes one file in the published layout: generator, discriminator, kp_detector, their optimisers and epoch, so that
// the original program and every reader of its checkpoints can take it. Throws Error(Input).
void save_training_checkpoint(const std::filesystem::path& path, const TrainingNetworks& networks,
                              Optimisers& optimisers, const TrainingProgress& progress);

// Puts networks and optimisers back to the last bit, on the device where they are. Reads the original's files as well,
// also those of torch 1.0 (step is then 0). Throws Error(Model) when networks or optimisers do not fit, and for a
// checkpoint without optimisers.
TrainingProgress load_training_checkpoint(const checkpoint::Checkpoint& file, TrainingNetworks& networks,
                                          Optimisers& optimisers);

// Puts a generator's state back from progress.extras[name]; `shown` is the file in messages. Throws Error(Model) where
// it is absent or damaged.
void restore_random(torch::Generator& random, const TrainingProgress& progress, const std::string& name,
                    const std::string& shown);

}  // namespace animate::train
