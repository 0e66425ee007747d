#include "animate/trainer.h"

#include <algorithm>

#include "base/log.h"
#include "core/device.h"
#include "core/threads.h"
#include "train/fomm_task.h"
#include "train/head_tasks.h"
#include "train/training_run.h"

// The public Trainer: from the YAML config to a task, and from the task to a run.
//
//   config --> models::fomm::Config (networks) and TrainConfig (losses, rates, phase)
//          --> a TrainingTask   the whole of FOMM, or one of its networks on drawn heads
//          --> TrainingRun      steps, log, checkpoints; it knows the task by its interface only
namespace animate::train {
namespace {

class FommTrainer : public Trainer {
 public:
  TrainSummary train(const TrainJob& job, Progress& progress, std::stop_token stop) override {
    // First of all: a device that is not here is refused before anything is read, and the CPU's convolutions are mended
    // where they need it (core/right_convolutions.h).
    core::choose_device(job.options.runtime.device);
    core::use_threads(job.options.runtime);
    std::vector<std::string> warnings;
    const auto model = models::fomm::Config::load(job.config, &warnings);
    for (const std::string& warning : warnings) log::warn("{}", warning);
    const auto config = TrainConfig::load(job.config, model);
    const auto task =
        config.phase == Phase::Whole ? make_fomm_task(job, model, config) : make_head_task(job, model, config);
    return TrainingRun(*task, job, progress, stop).run();
  }
};

}  // namespace
}  // namespace animate::train

namespace animate {

std::unique_ptr<Trainer> make_trainer() { return std::make_unique<train::FommTrainer>(); }

}  // namespace animate
