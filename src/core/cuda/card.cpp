#include "core/cuda/card.h"

#include <ATen/cuda/CUDAContext.h>

namespace animate::core::cuda {

std::string card_text(int number) {
  const cudaDeviceProp* card = at::cuda::getDeviceProperties(static_cast<c10::DeviceIndex>(number));
  return std::string(static_cast<const char*>(card->name)) + ", compute capability " + std::to_string(card->major) +
         "." + std::to_string(card->minor);
}

}  // namespace animate::core::cuda
