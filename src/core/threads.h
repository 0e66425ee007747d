#pragma once

#include "animate/options.h"

namespace animate::core {

// Gives LibTorch the threads that the options ask for, for the whole process (base/threads.h).
void use_threads(const RuntimeOptions& options);

}  // namespace animate::core
