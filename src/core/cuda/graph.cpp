#include "core/cuda/graph.h"

#include <ATen/cuda/CUDAGraph.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>

namespace animate::core::cuda {
namespace {

class CudaGraphWork : public RecordedWork {
 public:
  explicit CudaGraphWork(const std::function<void()>& work) {
    // Nothing may be queued on the stream that is recorded from elsewhere, so it is another one than usual.
    const auto usual = c10::cuda::getCurrentCUDAStream();
    usual.synchronize();
    const auto aside = c10::cuda::getStreamFromPool(/*isHighPriority=*/false, usual.device_index());
    const c10::cuda::CUDAStreamGuard guard(aside);
    // Other threads copy frames and ask for memory meanwhile, which the stricter modes take for a mistake.
    graph_.capture_begin({0, 0}, cudaStreamCaptureModeThreadLocal);
    try {
      work();
    } catch (...) {
      try {
        graph_.capture_end();
      } catch (...) {  // the first exception is the one to tell
      }
      throw;
    }
    graph_.capture_end();
  }

  void replay() override { graph_.replay(); }

 private:
  at::cuda::CUDAGraph graph_;
};

}  // namespace

GraphRecorder graph_recorder() {
  return [](const std::function<void()>& work) { return std::make_unique<CudaGraphWork>(work); };
}

}  // namespace animate::core::cuda
