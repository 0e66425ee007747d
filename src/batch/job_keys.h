#pragma once

#include <string>

#include "animate/options.h"

namespace animate::batch {

// The options that a model reads while it is loaded, as text: jobs with equal texts can share a loaded model.
std::string loading_key(const AnimateOptions& options);

// The options that reading a driver's motion may depend on, as text: jobs with equal texts can share it.
std::string motion_key(const AnimateOptions& options);

}  // namespace animate::batch
