#pragma once

#include <cstdint>
#include <vector>

namespace animate::diffusion {

// How much noise there is when, as plain numbers (diffusion/README.md#noise-levels). A level is told by sigma, the
// deviation of the noise over a signal of deviation 1; 0 is the clean signal.

// Karras et al., NeurIPS 2022, equation 5: `count` >= 1 levels from `high` down to `low`, equally spaced after the root
// of order `rho`. One level alone is `high`.
std::vector<double> karras_sigmas(int64_t count, double high, double low, double rho = 7);

// How the variance that a step adds (beta) grows over the training times.
enum class BetaSchedule {
  Linear,       // from beta_start to beta_end
  ScaledLinear  // its root does: Stable Diffusion's
};

// Which of the training times a run of few steps visits.
enum class TimeSpacing {
  Leading,   // multiples of a whole stride, from 0
  Linspace,  // equally spaced, both ends included
  Trailing   // equally spaced, counted down from the last
};

// What the network's output means.
enum class Prediction {
  Noise,    // epsilon
  Velocity  // v = alpha * noise - sigma * signal (Salimans and Ho, ICLR 2022, appendix D)
};

// Noise levels of a model that was trained on whole times 0 … times - 1 (Ho et al., NeurIPS 2020).
struct DiscreteSchedule {
  int64_t times = 1000;
  double beta_start = 0.00085;
  double beta_end = 0.012;
  BetaSchedule betas = BetaSchedule::ScaledLinear;
  TimeSpacing spacing = TimeSpacing::Leading;
  int64_t offset = 0;      // added to every time of Leading
  bool ends_clean = true;  // ddim and pndm: the last step leads to sigma 0, else to the level of time 0
  Prediction prediction = Prediction::Noise;

  // sigma of every time: sqrt((1 - a) / a), where a is the product of 1 - beta up to it.
  std::vector<double> sigmas() const;
};

// Linear between the two whole times next to `time`, which is cut to the table.
double sigma_at(const std::vector<double>& sigmas, double time);

}  // namespace animate::diffusion
