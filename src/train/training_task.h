#pragma once

#include <cstdint>
#include <exception>
#include <filesystem>
#include <string>
#include <vector>

#include "train/loss_terms.h"
#include "train/run_checkpoint.h"
#include "train/run_setup.h"

namespace animate::train {

// One step of a run. Everything random in it follows from `seed`, which is a function of the run's seed and the step:
// so networks, optimisers and the step's number are all that an exact resume needs.
struct TrainingStep {
  int64_t step = 0;   // counted from 0
  int64_t epoch = 0;  // for learning rates
  uint64_t seed = 0;
};

// What a step reports. Sums over networks that are trained against each other mean nothing, so each side has its own.
struct StepLosses {
  Losses objective;
  Losses adversary;  // empty without one
};

// One number that says how far a task is, measured on data it does not train on.
struct Figure {
  std::string name;
  double value = 0;
  double wanted = 0;
  bool at_most = true;  // whether `wanted` is the most the value may be, or the least

  bool reached() const { return at_most ? value <= wanted : value >= wanted; }
};

// Thrown by a task before an optimiser would carry infinities into the weights; `what` is a constant, as in "the loss".
class NotANumber : public std::exception {
 public:
  explicit NotANumber(const char* what) : what_(what) {}
  const char* what() const noexcept override { return what_; }

 private:
  const char* what_;
};

// What is trained: networks, optimisers, data and losses. The run (training_run.h) knows nothing of them but this.
// A task belongs to one run and one thread.
class TrainingTask {
 public:
  virtual ~TrainingTask() = default;

  // What a resumed run has to share with its checkpoint.
  virtual RunSetup setup() const = 0;
  // Networks and optimisers, as checkpoints hold them.
  virtual TrainingState state() = 0;
  virtual int64_t steps_per_epoch() const = 0;
  // Steps of the whole run by the config; 0: it does not say.
  virtual int64_t planned_steps() const = 0;

  // Takes another model's weights as far as they fit; returns the names of the tensors that stay fresh. Throws
  // Error(Model) when nothing fits.
  virtual std::vector<std::string> start_from(const checkpoint::Checkpoint& weights) = 0;
  // Gets the batch of a step; step() then works on it. Returns how many clips were replaced because they could not be
  // read. Errors of the data come from here: the weights are whole, and the run saves them.
  virtual int64_t fetch(int64_t step) = 0;
  // Losses, gradients and optimisers of one step. Throws NotANumber.
  virtual StepLosses step(const TrainingStep& now) = 0;

  // A look at the last step.
  virtual void write_sheet(const std::filesystem::path& path) const = 0;
  // Steps between two calls of validate(), which is also called at the run's end; 0: only then.
  virtual int64_t validate_every() const { return 0; }
  // Must leave networks and random numbers as they are. Empty: the task has no figures.
  virtual std::vector<Figure> validate() { return {}; }
  // The trained model, as -m takes it. `training` says in a few words how it came about.
  virtual void export_model(const std::filesystem::path& path, const std::string& training) const = 0;
};

}  // namespace animate::train
