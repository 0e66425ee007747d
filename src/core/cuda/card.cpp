#include "core/cuda/card.h"

#include <ATen/cuda/CUDAContext.h>
#include <c10/cuda/CUDACachingAllocator.h>

namespace animate::core::cuda {

std::string card_text(int number) {
  const cudaDeviceProp* card = at::cuda::getDeviceProperties(static_cast<c10::DeviceIndex>(number));
  return std::string(static_cast<const char*>(card->name)) + ", compute capability " + std::to_string(card->major) +
         "." + std::to_string(card->minor);
}

int64_t reserved_memory(int number) {
  constexpr size_t of_all_kinds = 0;
  const auto device = static_cast<c10::DeviceIndex>(number);
  return c10::cuda::CUDACachingAllocator::getDeviceStats(device).reserved_bytes[of_all_kinds].current;
}

}  // namespace animate::core::cuda
