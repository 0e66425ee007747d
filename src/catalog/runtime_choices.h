#pragma once

#include <cstdint>

#include "animate/options.h"

namespace animate::catalog {

// Readings of RuntimeOptions that need no LibTorch.

// Frames that go through the networks at once, 1 to BatchChoice::kMost. Auto is one on the CPU, which one frame keeps
// busy, and 8 on CUDA, whose cores one frame does not fill.
int64_t batch_size(const RuntimeOptions& options, bool cuda);

// --precision with --half taken in. Throws Error(Usage) where the two contradict each other.
PrecisionChoice chosen_precision(const RuntimeOptions& options);

// Refuses what the above would refuse, before anything is loaded.
void check_runtime(const RuntimeOptions& options);

}  // namespace animate::catalog
