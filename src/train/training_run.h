#pragma once

#include <stop_token>

#include "animate/trainer.h"
#include "core/nn/fast_conv/fast_convolution.h"
#include "train/run_log.h"
#include "train/training_task.h"

namespace animate::train {

// The run of a task: its steps, log, checkpoints, resuming, sheets and figures, in the folder job.output. Knows no
// network.
class TrainingRun {
 public:
  // Throws Error(Usage) where neither job nor task say how many steps there are.
  TrainingRun(TrainingTask& task, const TrainJob& job, Progress& progress, std::stop_token stop);

  // Throws animate::Error; a stop request ends the run after the step at hand with a checkpoint and Error(Cancelled).
  TrainSummary run();

 private:
  int64_t epoch() const { return step_ / task_.steps_per_epoch(); }
  bool due(int64_t every) const;
  [[noreturn]] void tell_interruption() const;
  void resume();
  void start_from(const std::filesystem::path& path);
  void train_one(RunLog& log);
  int64_t fetch();
  void validate(RunLog& log);
  void save();
  void require_numbers(bool finite, const char* what, int64_t step) const;
  uint64_t mixed(uint64_t value) const;

  TrainingTask& task_;
  const TrainJob& job_;
  Progress& progress_;
  std::stop_token stop_;
  core::nn::ConvMode conv_;
  RunSetup setup_;
  int64_t step_ = 0;
  int64_t steps_ = 0;
  int64_t saved_step_ = 0;
  int64_t skipped_ = 0;
};

}  // namespace animate::train
