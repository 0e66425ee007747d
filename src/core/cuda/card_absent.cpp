#include "core/cuda/card.h"

// Built in place of card.cpp where LibTorch has no CUDA, or another interface than card.cpp knows.
namespace animate::core::cuda {

std::string card_text(int /*number*/) { return {}; }

int64_t reserved_memory(int /*number*/) { return 0; }

}  // namespace animate::core::cuda
