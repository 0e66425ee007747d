#include "models/machine_probe.h"

#include <torch/cuda.h>

#include <algorithm>
#include <functional>
#include <limits>

#include "base/stopwatch.h"

namespace animate::models {
namespace {

// Seconds of the fastest call, after one that is not counted.
double fastest(torch::Device device, const std::function<void()>& work) {
  constexpr int least = 3;
  constexpr int most = 20;
  constexpr double enough_seconds = 0.5;
  double best = std::numeric_limits<double>::max();
  const Stopwatch all;
  for (int i = 0; i <= most && (i <= least || all.seconds() < enough_seconds); ++i) {
    const Stopwatch watch;
    work();
    if (device.is_cuda()) torch::cuda::synchronize();
    if (i > 0) best = std::min(best, watch.seconds());
  }
  return std::max(best, 1e-9);
}

double product_gflops(torch::Device device) {
  const int64_t side = device.is_cuda() ? 8192 : 1536;
  const auto options = torch::TensorOptions().device(device);
  const auto a = torch::rand({side, side}, options);
  const auto b = torch::rand({side, side}, options);
  auto product = torch::empty({side, side}, options);
  const auto n = static_cast<double>(side);
  return 2 * n * n * n / fastest(device, [&] { torch::mm_out(product, a, b); }) / 1e9;
}

double copy_gigabytes(torch::Device device) {
  const int64_t floats = (device.is_cuda() ? int64_t{1024} : int64_t{256}) * 1024 * 1024 / 4;
  const auto from = torch::ones({floats}, torch::TensorOptions().device(device));
  auto to = torch::zeros_like(from);
  const double moved = 2 * static_cast<double>(from.nbytes());  // read, and written
  return moved / fastest(device, [&] { to.copy_(from); }) / 1e9;
}

}  // namespace

MachineProbe probe_machine(torch::Device device) { return {product_gflops(device), copy_gigabytes(device)}; }

}  // namespace animate::models
