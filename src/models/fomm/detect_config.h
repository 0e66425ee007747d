#pragma once

#include "checkpoint/checkpoint.h"
#include "models/fomm/config.h"

namespace animate::models::fomm {

// Reads widths, depths and options of a FOMM from the shapes of its weights. What shapes cannot tell takes the value
// that every published model has: temperature 0.1, kp_variance 0.01, pad 0, frames of 256x256 (512 where the networks
// work at an eighth). Throws Error(Model) where the names are not those of a FOMM.
Config detect_config(const checkpoint::Checkpoint& weights);

// The same facts as a YAML text in the published schema, for the metadata of converted weights.
std::string to_yaml(const Config& config);

}  // namespace animate::models::fomm
