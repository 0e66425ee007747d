#pragma once

#include <torch/types.h>

#include <functional>
#include <memory>

namespace animate::core::cuda {

// A tensor that is being copied. `tensor` may be used once the matching wait was called.
struct PendingTensor {
  torch::Tensor tensor;
  // to_device(): what the calling thread queues from now on runs after the copy; returns at once.
  // to_host(): returns when the copy is there.
  std::function<void()> wait;
};

// Copies between the computer's memory and a GPU that run beside the kernels. Thread-safe.
class CopyStream {
 public:
  virtual ~CopyStream() = default;
  // From ordinary memory, by way of page-locked memory, which only can be copied from meanwhile.
  virtual PendingTensor to_device(const torch::Tensor& host) = 0;
  // Into page-locked memory, once all that the calling thread has queued is done.
  virtual PendingTensor to_host(const torch::Tensor& on_device) = 0;
};

// Null for the CPU, and where LibTorch has no CUDA.
std::shared_ptr<CopyStream> make_copy_stream(const torch::Device& device);

}  // namespace animate::core::cuda
