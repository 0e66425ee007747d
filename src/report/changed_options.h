#pragma once

#include <nlohmann/json.hpp>

#include "animate/options.h"

namespace animate {

// Name -> value of every option that differs from its default, under the names that the command line and
// --print-config have, in their order.
nlohmann::ordered_json changed_options(const AnimateOptions& options);

}  // namespace animate
