#include "core/device.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>
#include <torch/cuda.h>

#include <algorithm>
#include <mutex>
#include <set>
#include <string>

#include "base/error.h"
#include "base/log.h"
#include "core/cuda/card.h"
#include "core/right_convolutions.h"

namespace animate::core {

namespace {

// Said once, however often a device is chosen.
void say_once(const std::string& sentence) {
  static std::mutex mutex;
  static std::set<std::string> said;
  const std::scoped_lock lock(mutex);
  if (said.insert(sentence).second) log::info("{}", sentence);
}

torch::Device the_cpu() {
  mend_convolutions();
  return torch::kCPU;
}

torch::Device numbered(int index) { return {torch::kCUDA, static_cast<c10::DeviceIndex>(index)}; }

torch::Device first_that_works(const CudaDevices& devices) {
  for (int i = 0; i < devices.count; ++i) {
    const std::string trouble = trouble_with(i, devices);
    if (trouble.empty()) return numbered(i);
    say_once(fmt::format("cuda:{} {}; it is passed over", i, trouble));
  }
  if (devices.built && devices.count == 0) {
    say_once("LibTorch is built for CUDA, but finds no NVIDIA driver or card; running on the cpu");
  }
  return the_cpu();
}

}  // namespace

torch::Device choose_device(const DeviceChoice& choice, const CudaDevices& devices) {
  if (choice.kind == DeviceChoice::Kind::Cpu) return the_cpu();
  if (choice.kind != DeviceChoice::Kind::Cuda) return first_that_works(devices);
  check(devices.built, ErrorKind::Input,
        "--device {}: this LibTorch finds no CUDA device; use --device cpu or install a CUDA LibTorch", choice.text());
  check(devices.count > 0, ErrorKind::Input,
        "--device {}: no NVIDIA driver or card is found; see `animate doctor`, or use --device cpu", choice.text());
  const int index = std::max(choice.index, 0);
  check(index < devices.count, ErrorKind::Input, "--device {}: there {} only {} CUDA {}, numbered from 0",
        choice.text(), devices.count == 1 ? "is" : "are", devices.count, devices.count == 1 ? "device" : "devices");
  const std::string trouble = trouble_with(index, devices);
  check(trouble.empty(), ErrorKind::Input, "--device {}: {}; use --device cpu, or build with another LibTorch",
        choice.text(), trouble);
  return numbered(index);
}

torch::Device choose_device(const DeviceChoice& choice) {
  if (choice.kind == DeviceChoice::Kind::Cpu) return the_cpu();
  static const CudaDevices devices = cuda_devices();
  return choose_device(choice, devices);
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
  const std::string card = cuda::card_text(device.has_index() ? device.index() : 0);
  return card.empty() ? device.str() : fmt::format("{} ({})", device.str(), card);
}

bool computes_bfloat16(const torch::Device& device) {
  return device.is_cuda() && at::detail::getCUDAHooks().supportsBFloat16ConvolutionWithCuDNNv8();
}

}  // namespace animate::core
