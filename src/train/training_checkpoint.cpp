#include "train/training_checkpoint.h"

#include "base/error.h"

// FOMM's networks under the names of its published checkpoints, in the order in which they are written:
//
//   generator                 weights and buffers, by their module paths
//   discriminator             optional: absent where none is trained
//   kp_detector
//   optimizer_generator       Adam's moments and counts
//   optimizer_discriminator   optional as well
//   optimizer_kp_detector
//   epoch
//   animate                   ours: the step and the extras (run_checkpoint.h); other programs do not look at it
//
// How these become bytes is run_checkpoint.h's business, which knows no network.
namespace animate::train {

TrainingState state_of(const TrainingNetworks& networks, Optimisers& optimisers) {
  TrainingState state;
  state.family = "FOMM";
  state.networks.push_back({"generator", networks.generator.get()});
  if (networks.discriminator) state.networks.push_back({"discriminator", networks.discriminator.get(), true});
  state.networks.push_back({"kp_detector", networks.detector.get()});
  state.optimisers.push_back({"optimizer_generator", &optimisers.generator});
  if (optimisers.discriminator) {
    state.optimisers.push_back({"optimizer_discriminator", &*optimisers.discriminator, true});
  }
  state.optimisers.push_back({"optimizer_kp_detector", &optimisers.detector});
  return state;
}

void save_training_checkpoint(const std::filesystem::path& path, const TrainingNetworks& networks,
                              Optimisers& optimisers, const TrainingProgress& progress) {
  save_run_checkpoint(path, state_of(networks, optimisers), progress);
}

TrainingProgress load_training_checkpoint(const checkpoint::Checkpoint& file, TrainingNetworks& networks,
                                          Optimisers& optimisers) {
  const TrainingState state = state_of(networks, optimisers);
  networks.load(file);
  load_run_optimisers(file, state);
  return read_run_progress(file, state);
}

void restore_random(torch::Generator& random, const TrainingProgress& progress, const std::string& name,
                    const std::string& shown) {
  const auto found = progress.extras.find(name);
  try {
    check(found != progress.extras.end(), ErrorKind::Model,
          "{}: holds no state of the random numbers '{}'; resume from a checkpoint that this program wrote", shown,
          name);
    random.set_state(found->second);
  } catch (const c10::Error&) {
    fail(ErrorKind::Model, "{}: the state of the random numbers '{}' is damaged; resume from another checkpoint", shown,
         name);
  }
}

}  // namespace animate::train
