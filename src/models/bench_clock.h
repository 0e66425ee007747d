#pragma once

#include <torch/types.h>

#include <cstdint>
#include <functional>
#include <utility>

#include "animate/options.h"

namespace animate::models {

// The stopwatch of the families' benches: medians of repeated calls after some that are not counted, a GPU waited for.
class BenchClock {
 public:
  BenchClock(int64_t repetitions, torch::Device device, int64_t warm_up = 2)
      : repetitions_(repetitions), device_(device), warm_up_(warm_up) {}

  // Milliseconds of one call.
  double median(const std::function<void()>& work) const;
  // Milliseconds of a call of each, called in turns: what disturbs the machine disturbs both.
  std::pair<double, double> medians(const std::function<void()>& one, const std::function<void()>& other) const;

 private:
  double milliseconds_of(const std::function<void()>& work) const;

  int64_t repetitions_;
  torch::Device device_;
  int64_t warm_up_;
};

}  // namespace animate::models
