#pragma once

#include <map>
#include <string>

#include <torch/types.h>

namespace animate::train {

// What decides a run's numbers beside its step. Kept in its checkpoints, so that it is resumed as it was begun.
struct RunSetup {
  std::string config;  // the YAML's text
  int64_t seed = 0;
  std::string data;            // "heads", "clips" or "faces"
  std::string reconstruction;  // "vgg19" or "structural"; of an autoencoder "mse"

  // As TrainingProgress::extras.
  std::map<std::string, torch::Tensor> to_extras() const;
};

// Throws Error(Usage) when a run that was stored with these extras differs, naming the keys or flags; `shown` is its
// checkpoint. What an older checkpoint does not hold is not compared.
void refuse_other_setup(const std::map<std::string, torch::Tensor>& extras, const RunSetup& now,
                        const std::string& shown);

}  // namespace animate::train
