#include "models/bench_clock.h"

#include <ATen/Parallel.h>
#include <torch/cuda.h>

#include <algorithm>
#include <thread>
#include <vector>

#include "base/stopwatch.h"

namespace animate {

double BenchClock::median(const std::function<void()>& work) const {
  constexpr int64_t warm_up = 2;
  std::vector<double> times;
  for (int64_t i = 0; i < warm_up + repetitions_; ++i) {
    const Stopwatch watch;
    work();
    if (device_.is_cuda()) torch::cuda::synchronize();
    if (i >= warm_up) times.push_back(1000 * watch.seconds());
  }
  std::nth_element(times.begin(), times.begin() + std::ssize(times) / 2, times.end());
  return times[times.size() / 2];
}

void use_bench_threads(const RuntimeOptions& options) {
  const auto cores = static_cast<int>(std::max(1U, std::thread::hardware_concurrency()));
  at::set_num_threads(options.threads > 0 ? static_cast<int>(options.threads) : cores);
}

}  // namespace animate
