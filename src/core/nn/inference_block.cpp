#include "core/nn/inference_block.h"

namespace animate::core::nn {

void fold_batch_norm(torch::nn::Module& module) {
  if (auto* block = dynamic_cast<InferenceBlock*>(&module)) block->fold();
  for (const auto& child : module.children()) fold_batch_norm(*child);
}

void use_fast_convolutions(torch::nn::Module& module, ConvMode mode) {
  if (auto* block = dynamic_cast<InferenceBlock*>(&module)) block->use_fast_convolutions(mode);
  for (const auto& child : module.children()) use_fast_convolutions(*child, mode);
}

}  // namespace animate::core::nn
