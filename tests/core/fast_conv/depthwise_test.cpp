#include <algorithm>
#include <cmath>
#include <random>
#include <vector>

#include "core/nn/fast_conv/depthwise_convolution.h"
#include "only_target.h"
#include "support/catch.h"

using namespace animate::core::nn;

namespace {

struct DepthwiseCase {
  int64_t batch, height, width, channels;
  std::vector<float> x, weight, bias, norm_weight, norm_bias;

  static DepthwiseCase random(std::mt19937& random) {
    const auto between = [&](int64_t low, int64_t high) { return std::uniform_int_distribution(low, high)(random); };
    DepthwiseCase c{between(1, 2), between(1, 18), between(1, 21), between(1, 4) * kDepthwiseLanes, {}, {}, {}, {}, {}};
    const auto numbers = [&](int64_t count, float mean) {
      std::normal_distribution<float> normal(mean);
      std::vector<float> all(static_cast<size_t>(count));
      for (float& number : all) number = normal(random);
      return all;
    };
    c.x = numbers(c.batch * c.height * c.width * c.channels, 0);
    c.weight = numbers(49 * c.channels, 0);
    c.bias = numbers(c.channels, 3);
    c.norm_weight = numbers(c.channels, 1);
    c.norm_bias = numbers(c.channels, 0);
    return c;
  }

  std::vector<float> ours(int64_t threads) const {
    std::vector<float> y(x.size());
    DepthwiseConvolution convolution;
    convolution.input = x.data();
    convolution.output = y.data();
    convolution.batch = batch;
    convolution.height = height;
    convolution.width = width;
    convolution.channels = channels;
    convolution.weight = weight.data();
    convolution.bias = bias.data();
    convolution.norm_weight = norm_weight.data();
    convolution.norm_bias = norm_bias.data();
    convolve_depthwise(convolution, threads);
    return y;
  }

  // By the definitions, in double.
  double worst_difference(const std::vector<float>& found) const {
    double worst = 0;
    std::vector<double> pixel(static_cast<size_t>(channels));
    for (int64_t at = 0; at < batch * height * width; ++at) {
      double mean = 0;
      for (int64_t c = 0; c < channels; ++c) {
        pixel[static_cast<size_t>(c)] = sum(at, c);
        mean += pixel[static_cast<size_t>(c)] / static_cast<double>(channels);
      }
      double variance = 0;
      for (const double value : pixel) variance += (value - mean) * (value - mean) / static_cast<double>(channels);
      for (size_t c = 0; c < pixel.size(); ++c) {
        const double wanted = (pixel[c] - mean) / std::sqrt(variance + 1e-6) * norm_weight[c] + norm_bias[c];
        worst = std::max(worst, std::abs(wanted - found[static_cast<size_t>(at) * pixel.size() + c]));
      }
    }
    return worst;
  }

 private:
  double sum(int64_t at, int64_t c) const {
    const int64_t image = at / (height * width);
    const int64_t y = at / width % height;
    const int64_t x0 = at % width;
    double all = bias[static_cast<size_t>(c)];
    for (int64_t i = 0; i < 7; ++i) {
      for (int64_t j = 0; j < 7; ++j) {
        const int64_t row = y + i - 3;
        const int64_t column = x0 + j - 3;
        if (row < 0 || row >= height || column < 0 || column >= width) continue;
        const int64_t from = ((image * height + row) * width + column) * channels + c;
        all +=
            static_cast<double>(x[static_cast<size_t>(from)]) * weight[static_cast<size_t>((i * 7 + j) * channels + c)];
      }
    }
    return all;
  }
};

}  // namespace

TEST_CASE("a depthwise convolution and its normalisation give the definition's numbers with every instruction set") {
  int tried = 0;
  for (const auto target : hwy::SupportedAndGeneratedTargets()) {
    const OnlyTarget only(target);
    if (!has_depthwise_convolution()) continue;
    ++tried;
    std::mt19937 random(7);
    for (int i = 0; i < 200; ++i) {
      const auto c = DepthwiseCase::random(random);
      INFO("target " << hwy::TargetName(target) << ", " << c.height << "x" << c.width << "x" << c.channels);
      const auto found = c.ours(1 + i % 4);
      CHECK(c.worst_difference(found) < 2e-5);
      if (i < 5) CHECK(found == c.ours(1));
    }
  }
  CHECK(tried > 0);
}
