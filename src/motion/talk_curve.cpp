#include "motion/talk_curve.h"

#include <algorithm>
#include <cmath>

namespace animate::motion {
namespace {

constexpr double kRange = 26;             // decibels from a shut mouth to an open one
constexpr double kLoudShare = 0.95;       // of the moments are less loud than what opens it all the way
constexpr double kSmoothSeconds = 0.035;  // deviation of the bell that the curve is smoothed by
constexpr double kEaseSeconds = 0.15;     // from and to a shut mouth at both ends, where the motion goes round

// The loudness that opens the mouth all the way.
double loud(std::span<const double> decibels) {
  std::vector<double> heard;
  for (const double level : decibels) {
    if (level > kSilence - kRange) heard.push_back(level);
  }
  if (heard.empty()) return kSilence;
  const auto at = static_cast<std::ptrdiff_t>(kLoudShare * static_cast<double>(heard.size() - 1));
  std::nth_element(heard.begin(), heard.begin() + at, heard.end());
  return heard[static_cast<size_t>(at)];
}

std::vector<double> smoothed(const std::vector<double>& curve, double deviation) {
  const auto reach = static_cast<std::ptrdiff_t>(std::ceil(3 * deviation));
  std::vector<double> result(curve.size());
  for (std::ptrdiff_t i = 0; i < std::ssize(curve); ++i) {
    double sum = 0;
    double weights = 0;
    for (std::ptrdiff_t k = -reach; k <= reach; ++k) {
      const double weight = std::exp(-0.5 * std::pow(static_cast<double>(k) / deviation, 2));
      const std::ptrdiff_t at = i + k;
      if (at >= 0 && at < std::ssize(curve)) sum += weight * curve[static_cast<size_t>(at)];
      weights += weight;
    }
    result[static_cast<size_t>(i)] = sum / weights;
  }
  return result;
}

// The largest curve below this one that rises and falls no faster.
void limit_speed(std::vector<double>& curve, double fastest) {
  for (size_t i = 1; i < curve.size(); ++i) curve[i] = std::min(curve[i], curve[i - 1] + fastest);
  for (size_t i = curve.size() - 1; i-- > 0;) curve[i] = std::min(curve[i], curve[i + 1] + fastest);
}

}  // namespace

std::vector<double> talk_curve(std::span<const double> decibels, size_t frames, double rate, double fastest) {
  std::vector<double> curve(frames, 0);
  const double most = loud(decibels);
  if (frames < 2 || most <= kSilence) return curve;
  for (size_t i = 0; i < std::min(frames, decibels.size()); ++i) {
    curve[i] = std::clamp((decibels[i] - (most - kRange)) / kRange, 0.0, 1.0);
  }
  curve = smoothed(curve, std::max(0.1, kSmoothSeconds * rate));
  for (size_t i = 0; i < frames; ++i) {
    const double from_end = static_cast<double>(std::min(i, frames - 1 - i)) / rate;
    curve[i] *= std::min(1.0, from_end / kEaseSeconds);
  }
  limit_speed(curve, fastest);
  return curve;
}

}  // namespace animate::motion
