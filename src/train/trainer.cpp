#include "animate/trainer.h"

#include <algorithm>

#include "base/error.h"
#include "base/log.h"
#include "core/device.h"
#include "core/threads.h"
#include "models/registry.h"
#include "train/autoencoder_task.h"
#include "train/fomm_task.h"
#include "train/head_tasks.h"
#include "train/ldm_tasks.h"
#include "train/training_run.h"

// The public Trainer: from the YAML config to a task, and from the task to a run.
//
//   config --> its family: models::fomm::Config (networks) and TrainConfig (losses, rates, phase), AutoencoderConfig or
//   LdmTrainConfig
//          --> a TrainingTask   the whole of FOMM, one of its networks on drawn heads, an autoencoder of faces, or a
//          stage of a video LDM
//          --> TrainingRun      steps, log, checkpoints; it knows the task by its interface only
namespace animate::train {
namespace {

TrainSummary train_autoencoder(const TrainJob& job, Progress& progress, std::stop_token stop) {
  const auto task = make_autoencoder_task(job, AutoencoderConfig::load(job.config));
  if (job.options.fit_only) return fit_only(*task, job);
  return TrainingRun(*task, job, progress, std::move(stop)).run();
}

// Empty where a config is of no family: what is wrong with it is told by the reader of FOMM's configs.
std::string_view family_of(const std::filesystem::path& config) {
  try {
    return models::family_of_config(config).name;
  } catch (const Error&) {
    return {};
  }
}

class FamilyTrainer : public Trainer {
 public:
  TrainSummary train(const TrainJob& job, Progress& progress, std::stop_token stop) override {
    // First of all: a device that is not here is refused before anything is read, and the CPU's convolutions are mended
    // where they need it (core/right_convolutions.h).
    core::choose_device(job.options.runtime.device);
    core::use_threads(job.options.runtime);
    const std::string_view family = family_of(job.config);
    if (family == "autoencoder") return train_autoencoder(job, progress, std::move(stop));
    check(!job.options.fit_only, ErrorKind::Usage,
          "--fit-only: fits the distribution of an autoencoder's codes, and this config is of another family; leave it "
          "out");
    if (family == "video_ldm") {
      const auto task = make_ldm_task(job, LdmTrainConfig::load(job.config));
      return TrainingRun(*task, job, progress, std::move(stop)).run();
    }
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

std::unique_ptr<Trainer> make_trainer() { return std::make_unique<train::FamilyTrainer>(); }

}  // namespace animate
