#pragma once

#include <cstdint>
#include <string>

namespace animate::core::cuda {

// "NVIDIA H200, compute capability 9.0" of the card of that number, which must be there; empty where LibTorch has no
// CUDA.
std::string card_text(int number);

// Bytes of that card that LibTorch keeps for this process, in use or not; 0 where LibTorch has no CUDA.
int64_t reserved_memory(int number);

}  // namespace animate::core::cuda
