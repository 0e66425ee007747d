#pragma once

#include <string>

namespace animate::core::cuda {

// "NVIDIA H200, compute capability 9.0" of the card of that number, which must be there; empty where LibTorch has no
// CUDA.
std::string card_text(int number);

}  // namespace animate::core::cuda
