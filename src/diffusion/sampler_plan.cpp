#include "diffusion/sampler_plan.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "base/error.h"
#include "diffusion/sampler_steps.h"

namespace animate::diffusion {
namespace {

struct Named {
  SamplerKind kind;
  std::string_view name;
};
constexpr auto kNames = std::to_array<Named>({{SamplerKind::Euler, "euler"},
                                              {SamplerKind::EulerAncestral, "euler-a"},
                                              {SamplerKind::DpmPlusPlus, "dpm++"},
                                              {SamplerKind::Pndm, "pndm"},
                                              {SamplerKind::Ddim, "ddim"},
                                              {SamplerKind::Lcm, "lcm"}});

// Distillation taught the network so many levels; a run visits every so many of them.
constexpr int64_t kConsistencyLevels = 40;

constexpr int64_t kMostSteps = 1000;

double start_of(double sigma) { return std::sqrt(sigma * sigma + 1); }

// Python's and NumPy's: halves go to the even neighbour.
double rounded(double value) { return std::nearbyint(value); }

// Which times a run visits, first to last. euler and euler-a take times between whole ones (of Linspace), the others
// round; dpm++ leaves out the cleanest of one more.
std::vector<double> times_of(SamplerKind kind, const DiscreteSchedule& schedule, int64_t count) {
  const bool between = kind == SamplerKind::Euler || kind == SamplerKind::EulerAncestral;
  const int64_t spread = kind == SamplerKind::DpmPlusPlus ? count + 1 : count;
  const auto all = static_cast<double>(schedule.times);
  std::vector<double> times;
  for (int64_t i = 0; i < count; ++i) {
    const auto left = static_cast<double>(spread - 1 - i);
    switch (schedule.spacing) {
      case TimeSpacing::Leading: {
        const auto stride = static_cast<double>(schedule.times / spread);
        times.push_back(left * stride + static_cast<double>(schedule.offset));
        break;
      }
      case TimeSpacing::Linspace: {
        // NumPy's order of operations, which decides about halves, and euler's single precision.
        const double time = spread == 1 ? 0 : left * ((all - 1) / static_cast<double>(spread - 1));
        times.push_back(between ? static_cast<double>(static_cast<float>(time)) : rounded(time));
        break;
      }
      case TimeSpacing::Trailing:
        times.push_back(rounded(all - static_cast<double>(i) * all / static_cast<double>(count)) - 1);
        break;
    }
  }
  return times;
}

// From the level of every time to that of the next, at last to 0.
std::vector<Move> moves_between(const std::vector<double>& sigmas, const std::vector<double>& times) {
  std::vector<Move> moves;
  for (size_t i = 0; i < times.size(); ++i) {
    const double to = i + 1 < times.size() ? sigma_at(sigmas, times[i + 1]) : 0;
    moves.push_back({sigma_at(sigmas, times[i]), to, times[i]});
  }
  return moves;
}

// ddim and pndm step down by a whole stride of times wherever the next time lies, as the published programs do.
std::vector<Move> moves_by_stride(const DiscreteSchedule& schedule, const std::vector<double>& sigmas,
                                  const std::vector<double>& times, int64_t count) {
  const auto stride = static_cast<double>(schedule.times / count);
  const auto level = [&](double time) {
    if (time >= 0) return sigma_at(sigmas, time);
    return schedule.ends_clean ? 0 : sigmas.front();
  };
  std::vector<Move> moves;
  for (const double time : times) moves.push_back({level(time), level(time - stride), time});
  return moves;
}

// The first step once more, seen from its end: the network is told the second time.
void repeat_first(std::vector<Move>& moves, const Move& repeated) { moves.insert(moves.begin() + 1, repeated); }

void check_count(int64_t count, int64_t most) {
  check(count >= 1 && count <= most, ErrorKind::Usage, "--steps {}: has to be from 1 to {}", count, most);
}

}  // namespace

SamplerKind sampler_of(std::string_view name) {
  for (const Named& named : kNames) {
    if (named.name == name) return named.kind;
  }
  std::string names;
  for (const Named& named : kNames) names += (names.empty() ? "" : ", ") + std::string(named.name);
  fail(ErrorKind::Usage, "--sampler {}: there is no such sampler; choose one of {}", name, names);
}

std::string_view name_of(SamplerKind kind) {
  return std::find_if(kNames.begin(), kNames.end(), [kind](const Named& named) { return named.kind == kind; })->name;
}

std::vector<double> edm_sigmas(SamplerKind kind, int64_t count, const SigmaRange& range) {
  check_count(count, kind == SamplerKind::Lcm ? kConsistencyLevels : kMostSteps);
  std::vector<double> sigmas;
  if (kind == SamplerKind::Lcm) {
    const auto known = karras_sigmas(kConsistencyLevels, range.highest, range.lowest);
    const int64_t stride = kConsistencyLevels / count;
    for (int64_t i = 0; i < count; ++i) sigmas.push_back(known[static_cast<size_t>(i * stride)]);
  } else {
    sigmas = karras_sigmas(count, range.highest, range.lowest);
  }
  sigmas.push_back(0);
  return sigmas;
}

SamplerPlan plan_edm(SamplerKind kind, int64_t count, const SigmaRange& range) {
  const auto sigmas = edm_sigmas(kind, count, range);
  std::vector<Move> moves;
  for (size_t i = 0; i + 1 < sigmas.size(); ++i) {
    moves.push_back({sigmas[i], sigmas[i + 1], std::log(sigmas[i]) / 4});
  }
  if (kind == SamplerKind::Pndm && moves.size() > 1) repeat_first(moves, {moves[0].from, moves[0].to, moves[1].time});
  return {steps_along(kind, moves, Prediction::Velocity, Scale::NoiseAdded), start_of(sigmas.front())};
}

SamplerPlan plan_discrete(SamplerKind kind, const DiscreteSchedule& schedule, int64_t count) {
  check(kind != SamplerKind::Lcm, ErrorKind::Usage,
        "--sampler lcm: needs a model that was distilled for it; choose another sampler");
  check_count(count, schedule.times - 1);
  const auto sigmas = schedule.sigmas();
  const auto times = times_of(kind, schedule, count);
  if (kind == SamplerKind::Ddim || kind == SamplerKind::Pndm) {
    auto moves = moves_by_stride(schedule, sigmas, times, count);
    if (kind == SamplerKind::Pndm && count > 1) {
      const auto stride = static_cast<double>(schedule.times / count);
      repeat_first(moves, {sigma_at(sigmas, times[1] + stride), moves[1].from, times[1]});
    }
    return {steps_along(kind, moves, schedule.prediction, Scale::VariancePreserving), 1};
  }
  const auto moves = moves_between(sigmas, times);
  if (kind == SamplerKind::DpmPlusPlus) {
    return {steps_along(kind, moves, schedule.prediction, Scale::VariancePreserving), 1};
  }
  // Leading grids do not reach the last time: the signal's own variance is added.
  const double first = moves.front().from;
  return {steps_along(kind, moves, schedule.prediction, Scale::NoiseAdded),
          schedule.spacing == TimeSpacing::Leading ? start_of(first) : first};
}

}  // namespace animate::diffusion
