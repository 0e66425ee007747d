#pragma once

#include <filesystem>
#include <string>

#include "train/training_networks.h"

namespace animate::train {

// Writes the two networks that animate, in half precision, with their config: what -m takes. `training` says in a few
// words how they came about. Throws Error(Input) when it cannot be written.
void export_model(const std::filesystem::path& path, const TrainingNetworks& networks,
                  const models::fomm::Config& model, const TrainConfig& config, const std::string& training);

}  // namespace animate::train
