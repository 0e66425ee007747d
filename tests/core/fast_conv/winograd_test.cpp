#include "core/nn/fast_conv/winograd.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <random>
#include <vector>

#include "core/nn/fast_conv/narrow_convolution.h"
#include "only_target.h"
#include "support/catch.h"

using namespace animate::core::nn;
using namespace animate::core;

namespace {

struct Case {
  int64_t batch, depth, height, width;
  WinogradWeights::Shape shape;
  int64_t threads;
};

std::vector<float> random_numbers(int64_t count, unsigned seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal;
  std::vector<float> numbers(static_cast<size_t>(count));
  for (float& number : numbers) number = normal(random);
  return numbers;
}

// By the definition, in double; everything with the channels last.
std::vector<double> convolved(const Case& c, const std::vector<float>& x, const std::vector<float>& weight,
                              const std::vector<float>& bias) {
  const int64_t in = c.shape.in;
  const int64_t out = c.shape.out;
  const int64_t taps = c.shape.depth_taps;
  const int64_t kernel = c.shape.kernel;
  const int64_t area = kernel * kernel;
  const int64_t margin = kernel / 2;
  const int64_t step = c.shape.upsampled ? 2 : 1;
  const int64_t height = c.height * step;
  const int64_t width = c.width * step;
  std::vector<double> y;
  const auto input = [&](int64_t n, int64_t d, int64_t i, int64_t j, int64_t channel) {
    if (d < 0 || d >= c.depth || i < 0 || i >= height || j < 0 || j >= width) return 0.0F;
    const int64_t pixel = ((n * c.depth + d) * c.height + i / step) * c.width + j / step;
    return x[static_cast<size_t>(pixel * in + channel)];
  };
  const auto at = [&](int64_t n, int64_t d, int64_t i, int64_t j, int64_t o) {
    double sum = bias[static_cast<size_t>(o)];
    for (int64_t channel = 0; channel < in; ++channel) {
      for (int64_t tap = 0; tap < taps * area; ++tap) {
        sum +=
            static_cast<double>(weight[static_cast<size_t>((o * in + channel) * taps * area + tap)]) *
            input(n, d + tap / area - taps / 2, i + tap % area / kernel - margin, j + tap % kernel - margin, channel);
      }
    }
    return sum;
  };
  for (int64_t n = 0; n < c.batch; ++n) {
    for (int64_t d = 0; d < c.depth; ++d) {
      for (int64_t i = 0; i < height; ++i) {
        for (int64_t j = 0; j < width; ++j) {
          for (int64_t o = 0; o < out; ++o) y.push_back(at(n, d, i, j, o));
        }
      }
    }
  }
  return y;
}

double worst_difference(const Case& c) {
  const auto x = random_numbers(c.batch * c.depth * c.height * c.width * c.shape.in, 1);
  const auto weight =
      random_numbers(c.shape.out * c.shape.in * c.shape.depth_taps * c.shape.kernel * c.shape.kernel, 2);
  const auto bias = random_numbers(c.shape.out, 3);
  const auto expected = convolved(c, x, weight, bias);
  std::vector<float> y(expected.size(), NAN);
  const WinogradWeights weights(c.shape, weight.data(), bias.data());
  WinogradRun(weights, {x.data(), y.data(), c.batch, c.depth, c.height, c.width}, {}, c.threads).compute();
  double worst = 0;
  double largest = 0;
  for (size_t i = 0; i < y.size(); ++i) {
    const double difference = std::abs(y[i] - expected[i]);
    worst = std::isnan(difference) ? INFINITY : std::max(worst, difference);
    largest = std::max(largest, std::abs(expected[i]));
  }
  return worst / largest;
}

// The same of the convolution to few channels, whose output is in planes.
double worst_narrow_difference(const Case& c) {
  const WinogradWeights::Shape& shape = c.shape;
  const auto x = random_numbers(c.batch * c.height * c.width * shape.in, 1);
  const auto weight = random_numbers(shape.out * shape.in * shape.kernel * shape.kernel, 2);
  const auto bias = random_numbers(shape.out, 3);
  const auto expected = convolved(c, x, weight, bias);
  const int64_t area = shape.kernel * shape.kernel;
  std::vector<float> packed(weight.size());  // [kernel, kernel, out, in]
  for (int64_t i = 0; i < std::ssize(weight); ++i) {
    const int64_t tap = i % area;
    const int64_t channels = i / area;  // out, then in
    packed[static_cast<size_t>((tap * shape.out + channels / shape.in) * shape.in + channels % shape.in)] =
        weight[static_cast<size_t>(i)];
  }
  std::vector<float> y(expected.size(), NAN);
  convolve_narrow(
      {x.data(), y.data(), c.batch, c.height, c.width, shape.in, shape.out, shape.kernel, packed.data(), bias.data()},
      c.threads);
  const int64_t pixels = c.height * c.width;
  double worst = 0;
  double largest = 0;
  for (int64_t i = 0; i < std::ssize(y); ++i) {
    const int64_t image = i / (pixels * shape.out);
    const int64_t channel = i / pixels % shape.out;
    const double wanted = expected[static_cast<size_t>((image * pixels + i % pixels) * shape.out + channel)];
    const double difference = std::abs(y[static_cast<size_t>(i)] - wanted);
    worst = std::isnan(difference) ? INFINITY : std::max(worst, difference);
    largest = std::max(largest, std::abs(wanted));
  }
  return worst / largest;
}

const std::array kNarrowCases{
    Case{1, 1, 9, 13, {24, 3, 1, false, false, 7}, 2},
    Case{2, 1, 5, 22, {8, 1, 1, false, false, 7}, 3},
    Case{1, 1, 2, 1, {16, 4, 1, false, false, 7}, 1},
    Case{2, 1, 11, 8, {64, 2, 1, false, false, 3}, 2},
};

const std::array kCases{
    Case{1, 1, 9, 13, {5, 7, 1, false, false}, 1},      Case{2, 1, 8, 8, {32, 64, 1, false, false}, 2},
    Case{1, 1, 1, 1, {1, 1, 1, false, false}, 3},       Case{1, 1, 7, 5, {19, 33, 1, true, false}, 2},
    Case{1, 3, 6, 9, {17, 20, 3, false, false}, 2},     Case{2, 4, 5, 4, {6, 9, 3, true, false}, 4},
    Case{2, 1, 9, 14, {18, 35, 1, false, false, 7}, 3}, Case{1, 5, 10, 37, {3, 22, 7, false, false, 7}, 2},
    Case{2, 2, 1, 3, {5, 1, 3, false, false, 7}, 1},
};

}  // namespace

TEST_CASE("Winograd gives the convolution's numbers with every instruction set of this processor") {
  const auto targets = hwy::SupportedAndGeneratedTargets();
  int tried = 0;
  for (const auto target : targets) {
    const OnlyTarget only(target);
    const int64_t lanes = winograd_lanes();
    if (lanes == 0) continue;  // a target without vectors has no kernels: LibTorch convolves there
    ++tried;
    for (const Case& c : kCases) {
      INFO("target " << hwy::TargetName(target) << ", lanes " << lanes << ", " << c.height << "x" << c.width << ", "
                     << c.shape.in << " to " << c.shape.out << ", doubled " << c.shape.upsampled);
      CHECK(worst_difference(c) < 1e-5);
    }
    for (const Case& c : kNarrowCases) {
      INFO("target " << hwy::TargetName(target) << ", " << c.shape.in << " to " << c.shape.out);
      CHECK(worst_narrow_difference(c) < 1e-5);
    }
  }
  CHECK(tried > 0);
}
