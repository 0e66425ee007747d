#pragma once

#include <cstdint>
#include <string>

#include "animate/options.h"

namespace animate {

// Readings of RuntimeOptions that need no LibTorch. All throw Error(Usage) with the flag's name.

inline constexpr int64_t kLargestBatch = 64;

// Frames that go through the networks at once, 1 to kLargestBatch. "auto" is one on the CPU, which one frame keeps
// busy, and 8 on CUDA, whose cores one frame does not fill.
int64_t batch_size(const RuntimeOptions& options, bool cuda);

// --precision with --half taken in: auto, fp32, tf32, fp16 or bf16.
std::string precision_word(const RuntimeOptions& options);

// Refuses what the two above would refuse, before anything is loaded.
void check_runtime(const RuntimeOptions& options);

}  // namespace animate
