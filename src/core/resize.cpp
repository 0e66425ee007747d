#include "core/resize.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace animate::core {
namespace {

using Taps = std::vector<ResizeTap>;

// Reflects about the first and last sample without repeating them: period 2n - 2.
double mirror(double position, int n) {
  if (n == 1) return 0;
  const double period = 2.0 * (n - 1);
  double p = std::fmod(std::abs(position), period);
  return p > n - 1 ? period - p : p;
}

std::vector<double> gaussian(double sigma) {
  const int radius = static_cast<int>(4 * sigma + 0.5);
  std::vector<double> weights;
  double sum = 0;
  for (int i = -radius; i <= radius; ++i) {
    weights.push_back(std::exp(-0.5 * i * i / (sigma * sigma)));
    sum += weights.back();
  }
  for (double& weight : weights) weight /= sum;
  return weights;
}

}  // namespace

// Smoothing and interpolation along one axis, folded into one sparse operator. Both steps are linear and act on one
// axis at a time, so they may be joined; only the final clip may not.
std::vector<std::vector<ResizeTap>> resize_taps(int in, int out) {
  const double factor = static_cast<double>(in) / out;
  const double sigma = std::max(0.0, (factor - 1) / 2);
  const std::vector<double> kernel = sigma > 0 ? gaussian(sigma) : std::vector<double>{1.0};
  const int radius = static_cast<int>(kernel.size() / 2);

  std::vector<Taps> rows(static_cast<size_t>(out));
  for (int i = 0; i < out; ++i) {
    const double position = mirror((i + 0.5) * factor - 0.5, in);
    const int left = std::min(static_cast<int>(position), in - 1);
    const double fraction = position - left;
    std::map<int, double> merged;
    for (int k = -radius; k <= radius; ++k) {
      const double weight = kernel[static_cast<size_t>(k + radius)];
      merged[static_cast<int>(mirror(left + k, in))] += weight * (1 - fraction);
      if (fraction > 0) merged[static_cast<int>(mirror(std::min(left + 1, in - 1) + k, in))] += weight * fraction;
    }
    for (const auto& [index, weight] : merged) rows[static_cast<size_t>(i)].push_back({index, weight});
  }
  return rows;
}

std::vector<float> resize_smooth(std::span<const uint8_t> pixels, int height, int width, int channels, int out_height,
                                 int out_width) {
  const auto [low, high] = std::minmax_element(pixels.begin(), pixels.end());
  const double min = *low / 255.0;
  const double max = *high / 255.0;
  const size_t row_length = static_cast<size_t>(width) * static_cast<size_t>(channels);
  const auto vertical = resize_taps(height, out_height);
  const auto horizontal = resize_taps(width, out_width);

  std::vector<float> result(static_cast<size_t>(out_height) * static_cast<size_t>(out_width) *
                            static_cast<size_t>(channels));
  std::vector<double> row(row_length);
  float* out = result.data();
  for (const Taps& taps : vertical) {
    std::fill(row.begin(), row.end(), 0.0);
    for (const ResizeTap& tap : taps) {
      const uint8_t* in = pixels.data() + row_length * static_cast<size_t>(tap.index);
      const double weight = tap.weight / 255.0;
      for (size_t x = 0; x < row_length; ++x) row[x] += weight * in[x];
    }
    for (const Taps& columns : horizontal) {
      for (int c = 0; c < channels; ++c) {
        double value = 0;
        for (const ResizeTap& tap : columns) value += tap.weight * row[static_cast<size_t>(tap.index * channels + c)];
        *out++ = static_cast<float>(std::clamp(value, min, max));
      }
    }
  }
  return result;
}

}  // namespace animate::core
