#pragma once

#include "animate/dream.h"

namespace animate::engine {

// Everything about a dream that can be told to be wrong before the model's files are opened. Throws Error(Usage) or
// Error(Input).
void check_dream(const DreamJob& job);

}  // namespace animate::engine
