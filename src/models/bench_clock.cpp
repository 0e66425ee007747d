#include "models/bench_clock.h"

#include <torch/cuda.h>

#include <algorithm>
#include <vector>

#include "base/stopwatch.h"

namespace animate::models {

namespace {

double middle(std::vector<double>& times) {
  std::nth_element(times.begin(), times.begin() + std::ssize(times) / 2, times.end());
  return times[times.size() / 2];
}

}  // namespace

double BenchClock::milliseconds_of(const std::function<void()>& work) const {
  const Stopwatch watch;
  work();
  if (device_.is_cuda()) torch::cuda::synchronize();
  return 1000 * watch.seconds();
}

double BenchClock::median(const std::function<void()>& work) const {
  std::vector<double> times;
  for (int64_t i = 0; i < warm_up_ + repetitions_; ++i) {
    const double time = milliseconds_of(work);
    if (i >= warm_up_) times.push_back(time);
  }
  return middle(times);
}

std::pair<double, double> BenchClock::medians(const std::function<void()>& one,
                                              const std::function<void()>& other) const {
  std::vector<double> ones, others;
  for (int64_t i = 0; i < warm_up_ + repetitions_; ++i) {
    const double first = milliseconds_of(one);
    const double second = milliseconds_of(other);
    if (i < warm_up_) continue;
    ones.push_back(first);
    others.push_back(second);
  }
  return {middle(ones), middle(others)};
}

}  // namespace animate::models
