#include "core/cuda_devices.h"

#include <ATen/Context.h>
#include <c10/core/InferenceMode.h>
#include <torch/cuda.h>
#include <torch/types.h>

#include <exception>

#include "base/error.h"
#include "core/cuda/card.h"

namespace animate::core {

CudaDevices cuda_devices() {
  CudaDevices devices;
  devices.built = at::globalContext().hasCUDART();
  devices.count = torch::cuda::is_available() ? static_cast<int>(torch::cuda::device_count()) : 0;
  devices.try_out = [](int number) {
    const c10::InferenceMode guard;
    const torch::Device device(torch::kCUDA, static_cast<c10::DeviceIndex>(number));
    // Waits for the kernel, whose errors come late.
    torch::ones({2}, torch::TensorOptions().device(device)).add(1).cpu();
  };
  devices.name = [](int number) { return cuda::card_text(number); };
  return devices;
}

std::string trouble_with(int number, const CudaDevices& devices) {
  try {
    devices.try_out(number);
    return {};
  } catch (const std::exception& error) {
    std::string reason = error.what();
    reason = reason.substr(0, reason.find('\n'));
    std::string name = devices.name(number);
    if (name.empty()) name = "a card";
    // CUDA's own words for cudaErrorNoKernelImageForDevice and cudaErrorInvalidDeviceFunction: its code was built for
    // other cards, older ones or newer ones.
    const bool no_code = reason.find("no kernel image") != std::string::npos ||
                         reason.find("invalid device function") != std::string::npos;
    return no_code ? fmt::format("is {}, for which this LibTorch has no code", name)
                   : fmt::format("is {}, and does not work: {}", name, reason);
  }
}

}  // namespace animate::core
