#pragma once

#include <filesystem>

#include "animate/options.h"
#include "engine/input.h"

namespace animate::engine {

// Options of motion without a clip, where the driver is that, and without effect where it is not. Throws Error(Usage),
// Error(Input) for the sound of --talk.
void check_idle(const AnimateOptions& options, const Input& driving, const std::filesystem::path& output);

}  // namespace animate::engine
