#include "diffusion/noise_schedule.h"

#include <algorithm>
#include <cmath>

namespace animate::diffusion {

std::vector<double> karras_sigmas(int64_t count, double high, double low, double rho) {
  const double from = std::pow(high, 1 / rho);
  const double to = std::pow(low, 1 / rho);
  std::vector<double> sigmas{high};
  for (int64_t i = 1; i < count; ++i) {
    const double share = static_cast<double>(i) / static_cast<double>(count - 1);
    sigmas.push_back(std::pow(from + share * (to - from), rho));
  }
  return sigmas;
}

std::vector<double> DiscreteSchedule::sigmas() const {
  const bool by_root = betas == BetaSchedule::ScaledLinear;
  const double first = by_root ? std::sqrt(beta_start) : beta_start;
  const double last = by_root ? std::sqrt(beta_end) : beta_end;
  std::vector<double> all;
  double kept = 1;  // the share of the signal's variance that is left
  for (int64_t i = 0; i < times; ++i) {
    const double step = first + (last - first) * static_cast<double>(i) / static_cast<double>(times - 1);
    kept *= 1 - (by_root ? step * step : step);
    all.push_back(std::sqrt((1 - kept) / kept));
  }
  return all;
}

double sigma_at(const std::vector<double>& sigmas, double time) {
  const double cut = std::clamp(time, 0.0, static_cast<double>(sigmas.size() - 1));
  const auto below = static_cast<size_t>(cut);
  const size_t above = std::min(below + 1, sigmas.size() - 1);
  return sigmas[below] + (cut - static_cast<double>(below)) * (sigmas[above] - sigmas[below]);
}

}  // namespace animate::diffusion
