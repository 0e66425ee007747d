#pragma once

#include <functional>
#include <memory>

namespace animate::core::cuda {

// Kernels that were recorded from one run of some work and can be run again. What the work reads and writes lies where
// it lay when it was recorded.
class RecordedWork {
 public:
  virtual ~RecordedWork() = default;
  // Queues the kernels on the calling thread's current stream.
  virtual void replay() = 0;
};

// Records what the work queues, without running it. Throws what LibTorch throws where that is not possible.
using GraphRecorder = std::function<std::unique_ptr<RecordedWork>(const std::function<void()>& work)>;

// CUDA graphs; empty where LibTorch has none.
GraphRecorder graph_recorder();

}  // namespace animate::core::cuda
