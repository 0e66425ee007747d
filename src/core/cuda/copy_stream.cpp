#include "core/cuda/copy_stream.h"

#include <c10/core/Event.h>
#include <c10/core/StreamGuard.h>
#include <c10/core/impl/VirtualGuardImpl.h>

namespace animate::core::cuda {
namespace {

// By LibTorch's interfaces that hold for every kind of device, so that CUDA's own headers are not needed.
c10::impl::VirtualGuardImpl streams() { return c10::impl::VirtualGuardImpl(c10::DeviceType::CUDA); }

// Each direction has a stream of its own: GPUs have an engine for each.
class CudaCopyStream : public CopyStream {
 public:
  explicit CudaCopyStream(const torch::Device& device)
      : device_(device),
        up_(streams().getStreamFromGlobalPool(device, /*isHighPriority=*/true)),
        down_(streams().getStreamFromGlobalPool(device, /*isHighPriority=*/true)) {}

  PendingTensor to_device(const torch::Tensor& host) override {
    const auto locked = host.pin_memory();
    auto done = std::make_shared<c10::Event>(c10::DeviceType::CUDA);
    torch::Tensor there;
    {
      const c10::StreamGuard guard(up_);
      there = locked.to(device_, /*non_blocking=*/true);
      done->record(up_);
    }
    return {there, [there, done, device = device_] {
              const c10::Stream stream = streams().getStream(device);
              done->block(stream);
              // The memory belongs to the copying stream; it must not be given away while this one reads it.
              there.record_stream(stream);
            }};
  }

  PendingTensor to_host(const torch::Tensor& on_device) override {
    c10::Event ready(c10::DeviceType::CUDA);
    ready.record(streams().getStream(device_));
    auto done = std::make_shared<c10::Event>(c10::DeviceType::CUDA);
    auto locked = torch::empty(on_device.sizes(), on_device.options().device(torch::kCPU).pinned_memory(true));
    {
      const c10::StreamGuard guard(down_);
      ready.block(down_);
      locked.copy_(on_device, /*non_blocking=*/true);
      on_device.record_stream(down_);
      done->record(down_);
    }
    return {locked, [done] { done->synchronize(); }};
  }

 private:
  torch::Device device_;
  c10::Stream up_;
  c10::Stream down_;
};

}  // namespace

std::shared_ptr<CopyStream> make_copy_stream(const torch::Device& device) {
  if (!device.is_cuda()) return nullptr;
  const torch::Device numbered = device.has_index() ? device : streams().getDevice();
  return std::make_shared<CudaCopyStream>(numbered);
}

}  // namespace animate::core::cuda
