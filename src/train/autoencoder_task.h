#pragma once

#include <memory>

#include "animate/trainer.h"
#include "train/autoencoder_config.h"
#include "train/training_task.h"

namespace animate::train {

// An autoencoder of faces, trained to give back what it is shown (models/autoencoder/README.md#training): mean squared
// error in [-1, 1], SGD with momentum or Adam, shuffled batches. Figures are those of held-out faces, beside a linear
// code of the same length that is fitted in the same run. export_model() fits the distribution of the codes and stores
// it with the weights.
std::unique_ptr<TrainingTask> make_autoencoder_task(const TrainJob& job, const AutoencoderConfig& config);

// --fit-only: nothing is trained; the distribution of the codes is fitted to --data and written with the weights of
// --init, or of the output folder's checkpoint, to model.safetensors in the output folder. Throws Error(Usage) without
// either, Error(Model) where the weights are not all there.
TrainSummary fit_only(TrainingTask& task, const TrainJob& job);

}  // namespace animate::train
