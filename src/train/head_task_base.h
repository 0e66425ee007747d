#pragma once

#include "train/fomm_task.h"
#include "train/head_draws.h"

namespace animate::train {

// What the phases have in common beside FommTaskBase: drawn heads as data, learning rates, the step's end, chunks of
// held-out heads.
class HeadTaskBase : public FommTaskBase {
 public:
  HeadTaskBase(const TrainJob& job, const models::fomm::Config& model, const TrainConfig& config);

  int64_t steps_per_epoch() const override { return options_.steps_per_epoch; }
  int64_t planned_steps() const override { return config_.num_epochs * options_.steps_per_epoch; }
  int64_t validate_every() const override { return config_.validate_every; }

 protected:
  // Pictures of the model's frame size, [B, 3, S, S].
  torch::Tensor render(std::span<const heads::Head> drawn) const;
  PointTruth truth(std::span<const heads::Head> drawn) const { return point_truth(drawn, config_kp_, device_); }
  void set_rates(const TrainingStep& now);
  // Gradients of the sum, clipped as the config says, and the optimisers' steps. Throws NotANumber.
  void descend(const Losses& losses);

  HeadDraws draws_;

 private:
  int64_t config_kp_;
};

std::unique_ptr<TrainingTask> make_detector_task(const TrainJob& job, const models::fomm::Config& model,
                                                 const TrainConfig& config);
std::unique_ptr<TrainingTask> make_motion_task(const TrainJob& job, const models::fomm::Config& model,
                                               const TrainConfig& config);
// The phases generator and together.
std::unique_ptr<TrainingTask> make_painter_task(const TrainJob& job, const models::fomm::Config& model,
                                                const TrainConfig& config);

}  // namespace animate::train
