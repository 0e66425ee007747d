#pragma once

#include <memory>

#include "animate/trainer.h"
#include "train/optimisers.h"
#include "train/training_task.h"

namespace animate::train {

// What every way of training FOMM has in common: its networks, their optimisers, the published checkpoint layout, the
// exported model.
class FommTaskBase : public TrainingTask {
 public:
  // `reconstruction` as in RunSetup. Networks are drawn from job.options.seed.
  FommTaskBase(const TrainJob& job, const models::fomm::Config& model, const TrainConfig& config,
               const std::string& reconstruction);

  RunSetup setup() const override { return setup_; }
  TrainingState state() override;
  std::vector<std::string> start_from(const checkpoint::Checkpoint& weights) override {
    return networks_.start_from(weights);
  }
  void export_model(const std::filesystem::path& path, const std::string& training) const override;

 protected:
  const TrainOptions& options_;
  models::fomm::Config model_config_;
  TrainConfig config_;
  torch::Device device_;
  TrainingNetworks networks_;
  Optimisers optimisers_;

 private:
  RunSetup setup_;
};

// FOMM trained by its paper (models/fomm/README.md#training). Throws animate::Error for data or weights that do not
// fit.
std::unique_ptr<TrainingTask> make_fomm_task(const TrainJob& job, const models::fomm::Config& model,
                                             const TrainConfig& config);

}  // namespace animate::train
