#include "diffusion/sampler_steps.h"

#include <algorithm>
#include <cmath>

namespace animate::diffusion {
namespace {

// Below so many steps the last one of dpm++ is of first order whatever it leads to: two far estimates say little.
constexpr size_t kFewSteps = 15;

// The factor from NoiseAdded to VariancePreserving: alpha.
double preserved(double sigma) { return 1 / std::sqrt(sigma * sigma + 1); }

// A weight of x and one of the network's output.
struct Mix {
  double x;
  double output;
};

// The clean signal that the network sees in x.
Mix signal_in(Prediction prediction, double sigma) {
  const double alpha = preserved(sigma);
  if (prediction == Prediction::Noise) return {1, -sigma};
  return {alpha * alpha, -sigma * alpha};
}

// The noise that it sees.
Mix noise_in(Prediction prediction, double sigma) {
  const double alpha = preserved(sigma);
  if (prediction == Prediction::Noise) return {0, 1};
  return {sigma * alpha * alpha, alpha};
}

// x goes straight towards `take` of the estimated signal: one step of Euler's method.
SamplerStep towards_signal(const Move& move, Prediction prediction, double to) {
  SamplerStep step;
  const Mix signal = signal_in(prediction, move.from);
  step.from_x = signal.x;
  step.from_output = signal.output;
  step.keep = to / move.from;
  step.take = {1 - step.keep};
  return step;
}

// Half of the step down comes from noise drawn anew, the variance stays what the level asks for.
SamplerStep ancestral(const Move& move, Prediction prediction) {
  const double from = move.from * move.from;
  const double to = move.to * move.to;
  const double drawn = std::sqrt(to * (from - to) / from);
  SamplerStep step = towards_signal(move, prediction, to / move.from);
  step.noise = drawn;
  step.draws = true;
  return step;
}

// A line through the last two estimates, followed to the middle of the step in -ln sigma.
SamplerStep second_order(const Move& before, const Move& move, Prediction prediction) {
  SamplerStep step = towards_signal(move, prediction, move.to);
  const double ahead = std::log(move.from / move.to);
  const double behind = std::log(before.from / move.from);
  const double lean = step.take[0] * ahead / behind / 2;
  step.take = {step.take[0] + lean, -lean};
  return step;
}

// Adams and Bashforth's weights of the last outputs, newest first.
std::vector<double> multistep_weights(size_t call) {
  switch (call) {
    case 0: return {1};
    case 1: return {0.5, 0.5};  // the first step again, with the mean of both its ends
    case 2: return {1.5, -0.5};
    case 3: return {23.0 / 12, -16.0 / 12, 5.0 / 12};
    default: return {55.0 / 24, -59.0 / 24, 37.0 / 24, -9.0 / 24};
  }
}

// Outputs are combined as they are, and their sum is taken for noise then: the published program's order, which matters
// where they are velocities.
SamplerStep multistep(const Move& move, Prediction prediction, size_t call) {
  const Mix noise = noise_in(prediction, move.from);
  const double way = move.to - move.from;
  SamplerStep step;
  step.keep = 1 + way * noise.x;
  step.take = multistep_weights(call);
  for (double& weight : step.take) weight *= way * noise.output;
  step.again = call == 1;
  step.remembers = call != 1;
  return step;
}

// The estimate itself, with new noise of the next level.
SamplerStep consistency(const Move& move, Prediction prediction, bool alone) {
  SamplerStep step = towards_signal(move, prediction, 0);
  step.noise = move.to;
  step.draws = !alone;
  return step;
}

SamplerStep step_of(SamplerKind kind, const std::vector<Move>& moves, size_t i, Prediction prediction) {
  const Move& move = moves[i];
  switch (kind) {
    case SamplerKind::Euler:
    case SamplerKind::Ddim: return towards_signal(move, prediction, move.to);
    case SamplerKind::EulerAncestral: return ancestral(move, prediction);
    case SamplerKind::DpmPlusPlus: {
      const bool last = i + 1 == moves.size();
      const bool first_order = i == 0 || (last && (move.to == 0 || moves.size() < kFewSteps));
      return first_order ? towards_signal(move, prediction, move.to) : second_order(moves[i - 1], move, prediction);
    }
    case SamplerKind::Pndm: return multistep(move, prediction, i);
    case SamplerKind::Lcm: return consistency(move, prediction, moves.size() == 1);
  }
  return {};
}

}  // namespace

std::vector<SamplerStep> steps_along(SamplerKind kind, const std::vector<Move>& moves, Prediction prediction,
                                     Scale scale) {
  std::vector<SamplerStep> steps;
  for (size_t i = 0; i < moves.size(); ++i) {
    SamplerStep step = step_of(kind, moves, i, prediction);
    step.sigma = moves[i].from;
    step.time = moves[i].time;
    const double from = preserved(moves[i].from);
    if (scale == Scale::NoiseAdded) {
      step.input_scale = from;
    } else {
      const double to = preserved(moves[i].to);
      step.from_x /= from;
      step.keep *= to / from;
      for (double& weight : step.take) weight *= to;
      step.noise *= to;
    }
    steps.push_back(std::move(step));
  }
  return steps;
}

}  // namespace animate::diffusion
