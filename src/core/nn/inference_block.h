#pragma once

#include <torch/nn/module.h>

#include "core/nn/fast_conv/fast_convolution.h"

namespace animate::core::nn {

// What a block can do for inference, once its weights are loaded and it is in eval mode.
class InferenceBlock {
 public:
  InferenceBlock() = default;
  InferenceBlock(const InferenceBlock&) = delete;
  InferenceBlock& operator=(const InferenceBlock&) = delete;
  virtual ~InferenceBlock() = default;

  // Merges normalisations into the convolutions before them. A second call does nothing.
  virtual void fold() {}
  // Computes by FastConvolution from now on; after fold(), on the CPU.
  virtual void use_fast_convolutions(ConvMode mode) = 0;
};

// The same of every block in `module`, whatever its depth.
void fold_batch_norm(torch::nn::Module& module);
void use_fast_convolutions(torch::nn::Module& module, ConvMode mode);

}  // namespace animate::core::nn
