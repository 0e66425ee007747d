#include "core/device.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>
#include <torch/cuda.h>

#include <algorithm>

#include "base/error.h"
#include "core/right_convolutions.h"

namespace animate::core {

torch::Device choose_device(const DeviceChoice& choice) {
  const bool asked = choice.kind == DeviceChoice::Kind::Cuda;
  if (!asked && (choice.kind == DeviceChoice::Kind::Cpu || !torch::cuda::is_available())) {
    mend_convolutions();
    return torch::kCPU;
  }
  check(torch::cuda::is_available(), ErrorKind::Input,
        "--device {}: this LibTorch finds no CUDA device; use --device cpu or install a CUDA LibTorch", choice.text());
  const auto count = static_cast<int>(torch::cuda::device_count());
  const int index = std::max(choice.index, 0);
  check(index < count, ErrorKind::Input, "--device {}: there are only {} CUDA devices, numbered from 0", choice.text(),
        count);
  return {torch::kCUDA, static_cast<c10::DeviceIndex>(index)};
}

torch::Tensor sent_to(const torch::Device& device, const torch::Tensor& tensor) {
  // Only page-locked memory is copied from while this thread goes on.
  return device.is_cuda() ? tensor.pin_memory().to(device, /*non_blocking=*/true) : tensor.to(device);
}

void wake_device(const torch::Device& device) {
  if (device.is_cpu()) return;
  const c10::InferenceMode guard;
  constexpr int64_t side = 16;
  const auto maps = torch::ones({1, side, side, side}, torch::TensorOptions().device(device));
  torch::conv2d(maps, maps.expand({side, side, side, side}).narrow(2, 0, 3).narrow(3, 0, 3).contiguous());
  torch::matmul(maps, maps);
  torch::cuda::synchronize();
}

std::string describe_device(const torch::Device& device) {
  if (device.is_cpu()) return fmt::format("cpu ({} threads)", at::get_num_threads());
  return device.str();
}

bool computes_bfloat16(const torch::Device& device) {
  return device.is_cuda() && at::detail::getCUDAHooks().supportsBFloat16ConvolutionWithCuDNNv8();
}

}  // namespace animate::core
