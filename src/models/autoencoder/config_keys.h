#pragma once

#include <span>

#include "models/yaml_config.h"

namespace animate::models::autoencoder {

inline constexpr const char* kSection = "model_params.autoencoder_params";
// Completes "give the config of a … model".
inline constexpr const char* kFamilyName = "autoencoder";

// Every key that a config of this family may have, those of its training included.
std::span<const SchemaKey> config_schema();

}  // namespace animate::models::autoencoder
