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

// In single precision where the published programs have it: a product of a thousand rounded factors is off by 1e-6, and
// their levels are what a trained network knows.
std::vector<double> DiscreteSchedule::sigmas() const {
  const bool by_root = betas == BetaSchedule::ScaledLinear;
  const auto first = static_cast<float>(by_root ? std::sqrt(beta_start) : beta_start);
  const auto last = static_cast<float>(by_root ? std::sqrt(beta_end) : beta_end);
  const float stride = (last - first) / static_cast<float>(times - 1);
  std::vector<double> all;
  double kept = 1;  // the share of the signal's variance that is left
  for (int64_t i = 0; i < times; ++i) {
    // From both ends to the middle, as torch.linspace.
    const float step =
        i < times / 2 ? first + stride * static_cast<float>(i) : last - stride * static_cast<float>(times - 1 - i);
    const float beta = by_root ? step * step : step;
    kept *= 1 - beta;
    const auto rounded = static_cast<double>(static_cast<float>(kept));
    all.push_back(std::sqrt((1 - rounded) / rounded));
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
