#pragma once

#include <torch/nn/module.h>

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "checkpoint/checkpoint.h"
#include "train/adam.h"
#include "train/sgd.h"

namespace animate::train {

// How far a run is, and what it needs to go on as if it had never stopped.
struct TrainingProgress {
  int64_t epoch = 0;  // the published entry
  int64_t step = 0;   // of the whole run
  // Tensors of the trainer's own: states of random generators (torch::Generator::get_state), its config as bytes.
  std::map<std::string, torch::Tensor> extras;
};

// What a checkpoint holds of a run beside its progress, in the order of the file. The pointers are the task's.
struct TrainingState {
  struct Network {
    std::string name;  // its scope in the file, as in "kp_detector"
    torch::nn::Module* module = nullptr;
    bool optional = false;  // a checkpoint may lack it: it then stays fresh
  };
  struct Optimiser {
    std::string name;  // as in "optimizer_kp_detector"
    Adam* adam = nullptr;
    bool optional = false;  // a file without it is a training checkpoint all the same
    Sgd* sgd = nullptr;     // in place of `adam`
  };
  std::string family;  // in messages, as in "FOMM"
  std::vector<Network> networks;
  std::vector<Optimiser> optimisers;
};

// Writes one file as torch.save does: networks and optimisers under their names, and the epoch; what is ours stands
// under the key "animate", tensors only. The file appears under its name only when whole: a full disk leaves the last
// one as it is. Throws Error(Input).
void save_run_checkpoint(const std::filesystem::path& path, const TrainingState& state,
                         const TrainingProgress& progress);

// How far the run of a checkpoint is, without its weights. Throws Error(Model) for a file that is no training
// checkpoint of this family.
TrainingProgress read_run_progress(const checkpoint::Checkpoint& file, const TrainingState& state);

// Puts networks and optimisers back to the last bit, on the device where they are. Throws Error(Model) when networks or
// optimisers do not fit, and for a checkpoint without optimisers.
void load_run_checkpoint(const checkpoint::Checkpoint& file, const TrainingState& state);

// The second half of that: optimisers alone.
void load_run_optimisers(const checkpoint::Checkpoint& file, const TrainingState& state);

}  // namespace animate::train
