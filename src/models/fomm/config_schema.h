#pragma once

#include <span>

#include "models/yaml_config.h"

namespace animate::models::fomm {

// Every key of the published YAML schema (models/fomm/README.md#configuration), for telling a typing error from a
// setting.
std::span<const SchemaKey> config_schema();

}  // namespace animate::models::fomm
