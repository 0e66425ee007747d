#include "core/cuda/copy_stream.h"

#include <ATen/cuda/CUDAContext.h>
#include <ATen/cuda/CUDAEvent.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>
#include <torch/types.h>

namespace animate::cuda {
namespace {

// Each direction has a stream of its own: GPUs have an engine for each.
class CudaCopyStream : public CopyStream {
 public:
  explicit CudaCopyStream(c10::DeviceIndex device)
      : device_(device),
        up_(c10::cuda::getStreamFromPool(/*isHighPriority=*/true, device)),
        down_(c10::cuda::getStreamFromPool(/*isHighPriority=*/true, device)) {}

  PendingTensor to_device(const torch::Tensor& host) override {
    const auto locked = host.pin_memory();
    auto done = std::make_shared<at::cuda::CUDAEvent>();
    torch::Tensor there;
    {
      const c10::cuda::CUDAStreamGuard guard(up_);
      there = locked.to(torch::Device(torch::kCUDA, device_), /*non_blocking=*/true);
      done->record(up_);
    }
    const c10::DeviceIndex device = device_;
    return {there, [there, done, device] {
              const auto stream = c10::cuda::getCurrentCUDAStream(device);
              done->block(stream);
              // The memory belongs to the copying stream; it must not be given away while this one reads it.
              there.record_stream(stream);
            }};
  }

  PendingTensor to_host(const torch::Tensor& on_device) override {
    at::cuda::CUDAEvent ready;
    ready.record(c10::cuda::getCurrentCUDAStream(device_));
    auto done = std::make_shared<at::cuda::CUDAEvent>();
    auto locked = torch::empty(on_device.sizes(), on_device.options().device(torch::kCPU).pinned_memory(true));
    {
      const c10::cuda::CUDAStreamGuard guard(down_);
      ready.block(down_);
      locked.copy_(on_device, /*non_blocking=*/true);
      on_device.record_stream(down_);
      done->record(down_);
    }
    return {locked, [done] { done->synchronize(); }};
  }

 private:
  c10::DeviceIndex device_;
  c10::cuda::CUDAStream up_;
  c10::cuda::CUDAStream down_;
};

}  // namespace

std::shared_ptr<CopyStream> make_copy_stream(const torch::Device& device) {
  if (!device.is_cuda()) return nullptr;
  return std::make_shared<CudaCopyStream>(device.has_index() ? device.index()
                                                             : c10::cuda::getCurrentCUDAStream().device_index());
}

}  // namespace animate::cuda
