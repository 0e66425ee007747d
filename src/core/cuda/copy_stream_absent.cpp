#include "core/cuda/copy_stream.h"

// Built in place of copy_stream.cpp where LibTorch has no CUDA, or another interface than copy_stream.cpp knows.
namespace animate::core::cuda {

std::shared_ptr<CopyStream> make_copy_stream(const torch::Device& /*device*/) { return nullptr; }

}  // namespace animate::core::cuda
