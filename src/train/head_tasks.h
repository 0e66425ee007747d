#pragma once

#include <memory>

#include "animate/trainer.h"
#include "train/train_config.h"
#include "train/training_task.h"

namespace animate::train {

// FOMM on drawn heads, part by part (train_params.phase), each with the renderer's own truth and with figures on heads
// that are not trained on. All write whole models: a phase goes on from the model of the one before (--init).
//   detector   keypoints and frames from single pictures; nothing is painted
//   motion     the dense motion network from true keypoints, then partly from found ones; detector frozen
//   generator  encoder, bottleneck and decoder on frozen keypoints and motion
//   together   everything, also with another head as the driver, as the model is used
// Throws Error(Usage) for a job that does not fit the phase.
std::unique_ptr<TrainingTask> make_head_task(const TrainJob& job, const models::fomm::Config& model,
                                             const TrainConfig& config);

}  // namespace animate::train
