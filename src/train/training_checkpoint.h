#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "train/optimisers.h"

namespace animate::train {

// How far a run is, and what it needs to go on as if it had never stopped.
struct TrainingProgress {
  int64_t epoch = 0;  // the published entry
  int64_t step = 0;   // of the whole run
  // Tensors of the trainer's own: states of random generators (torch::Generator::get_state), its config as bytes.
  std::map<std::string, torch::Tensor> extras;
};

// Writes one file in the published layout (FOMM, spec section 8.1): generator, discriminator, kp_detector, their
// optimisers and epoch, as torch.save does, so that the original program and every reader of its checkpoints can take
// it; what is ours stands under the key "animate", tensors only. The file appears under its name only when whole: a
// full disk leaves the last one as it is. Throws Error(Input).
void save_training_checkpoint(const std::filesystem::path& path, const TrainingNetworks& networks,
                              const Optimisers& optimisers, const TrainingProgress& progress);

// How far the run of a checkpoint is, without its weights. Throws Error(Model) for a file that is no training
// checkpoint.
TrainingProgress read_training_progress(const Checkpoint& file);

// Puts networks and optimisers back to the last bit, on the device where they are. Reads the original's files as well,
// also those of torch 1.0 (step is then 0). Throws Error(Model) when networks or optimisers do not fit, and for a
// checkpoint without optimisers.
TrainingProgress load_training_checkpoint(const Checkpoint& file, TrainingNetworks& networks, Optimisers& optimisers);

// Puts a generator's state back from progress.extras[name]; `shown` is the file in messages. Throws Error(Model) where
// it is absent or damaged.
void restore_random(torch::Generator& random, const TrainingProgress& progress, const std::string& name,
                    const std::string& shown);

}  // namespace animate::train
