#include "motion/idle_blinks.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "motion/idle_random.h"

namespace animate::motion {
namespace {

constexpr double kShutting = 0.1;
constexpr double kShut = 0.04;
constexpr double kOpening = 0.2;
static_assert(kShutting + kShut + kOpening < kBlinkSeconds + 1e-9);

// Gaps from blink to blink: the logarithm is bell-shaped around that of the median.
constexpr double kMedianGap = 3.0;
constexpr double kGapSpread = 0.6;
constexpr double kShortestGap = 2 * kBlinkSeconds;
constexpr int kTries = 200;

double rise(double t) { return 0.5 - 0.5 * std::cos(std::numbers::pi * std::clamp(t, 0.0, 1.0)); }

// As many gaps as fill the time, brought to exactly fill it; their shape stays.
std::vector<double> gaps_in(IdleRandom& random, double length, size_t fewest, size_t most) {
  std::vector<double> gaps;
  double sum = 0;
  while (gaps.size() < fewest || (gaps.size() < most && sum < length)) {
    gaps.push_back(kMedianGap * std::exp(kGapSpread * random.bell()));
    sum += gaps.back();
  }
  // The last one went over the end: with or without it, whichever is nearer.
  if (gaps.size() > fewest && sum - length > gaps.back() / 2) {
    sum -= gaps.back();
    gaps.pop_back();
  }
  for (double& gap : gaps) gap *= length / sum;
  return gaps;
}

}  // namespace

double blink_lid(double seconds) {
  if (seconds <= 0 || seconds >= kBlinkSeconds) return 0;
  return std::min(rise(seconds / kShutting), 1 - rise((seconds - kShutting - kShut) / kOpening));
}

std::vector<double> blink_times(uint64_t seed, double length) {
  const auto fewest = static_cast<size_t>(std::ceil(length * kFewestBlinks / 60 - 1e-9));
  const auto most = static_cast<size_t>(std::floor(length * kMostBlinks / 60 + 1e-9));
  if (most == 0) return {};
  IdleRandom random(seed, 1);
  std::vector<double> gaps;
  for (int i = 0; i < kTries; ++i) {
    gaps = gaps_in(random, length, std::max<size_t>(1, fewest), most);
    if (*std::min_element(gaps.begin(), gaps.end()) >= kShortestGap) break;
  }
  // Never in two hundred draws: the fewest, evenly.
  if (*std::min_element(gaps.begin(), gaps.end()) < kShortestGap) {
    const size_t count = std::max<size_t>(1, fewest);
    gaps.assign(count, length / static_cast<double>(count));
  }
  // The seam lies in the middle of what is left of a gap behind the blink.
  std::vector<double> times;
  double at = (gaps.back() - kBlinkSeconds) / 2;
  for (const double gap : gaps) {
    times.push_back(at);
    at += gap;
  }
  return times;
}

}  // namespace animate::motion
