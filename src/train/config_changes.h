#pragma once

#include <string>
#include <vector>

namespace animate::train {

// Keys whose values differ between two YAML texts, as "train_params.lr_generator: 0.0002 -> 0.001", sorted.
std::vector<std::string> config_changes(const std::string& before, const std::string& after);

// Throws Error(Usage) listing the changes; num_epochs and checkpoint_freq may change. `shown` is the checkpoint.
void refuse_changed_config(const std::string& before, const std::string& after, const std::string& shown);

}  // namespace animate::train
