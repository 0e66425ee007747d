#include "core/nn/fast_conv/fast_convolution.h"

#include <ATen/Parallel.h>
#include <c10/core/InferenceMode.h>

#include <random>

#include "core/nn/fast_conv/trained_convolution.h"
#include "core/right_convolutions.h"
#include "support/catch.h"

using namespace animate::core;
using namespace animate;

namespace {

// Largest difference in parts of the expected tensor's largest value.
float relative_difference(const torch::Tensor& found, const torch::Tensor& expected) {
  REQUIRE(found.sizes() == expected.sizes());
  return ((found - expected).abs().max() / expected.abs().max().clamp_min(1e-6)).item<float>();
}

class Shapes {
 public:
  int64_t between(int64_t low, int64_t high) { return std::uniform_int_distribution<int64_t>(low, high)(random_); }
  bool chance() { return between(0, 1) == 1; }

  // The same numbers with another layout: as they come, channels last, or every second row of a larger tensor.
  torch::Tensor laid_out(const torch::Tensor& x) {
    switch (between(0, 2)) {
      case 0: return x;
      case 1:
        return x.contiguous(x.dim() == 5 ? torch::MemoryFormat::ChannelsLast3d : torch::MemoryFormat::ChannelsLast);
      default: return torch::stack({x, torch::full_like(x, NAN)}, -1).select(-1, 0);
    }
  }

 private:
  std::mt19937 random_{17};
};

struct Case {
  torch::Tensor x, weight, bias, residual;
  nn::FastConvolution::Form form;
};

Case random_case(Shapes& shapes) {
  Case c;
  const bool volume = shapes.chance();
  const int64_t in = shapes.between(1, 40);
  const int64_t out = shapes.between(1, 70);
  std::vector<int64_t> size{shapes.between(1, 3), in};
  if (volume) size.push_back(shapes.between(1, 5));
  for (int axis = 0; axis < 2; ++axis) size.push_back(shapes.between(1, 19));
  c.x = shapes.laid_out(torch::randn(size));
  const int64_t kernel = shapes.between(0, 3) == 0 ? 7 : 3;
  c.weight = volume ? torch::randn({out, in, kernel, kernel, kernel}) : torch::randn({out, in, kernel, kernel});
  if (shapes.chance()) c.bias = torch::randn({out});
  c.form.upsampled = kernel == 3 && shapes.chance();
  c.form.activate = shapes.chance();
  if (shapes.chance()) c.form.negative_slope = 0.2;
  if (shapes.chance()) {
    c.form.scale = torch::randn({in});
    c.form.shift = torch::randn({in});
  }
  if (shapes.chance()) {
    size[1] = out;
    for (size_t axis = size.size() - 2; axis < size.size(); ++axis) size[axis] *= c.form.upsampled ? 2 : 1;
    c.residual = shapes.laid_out(torch::randn(size));
  }
  return c;
}

}  // namespace

TEST_CASE("Winograd and direct convolution agree over random shapes, layouts and thread counts") {
  const c10::InferenceMode guard;
  torch::manual_seed(23);
  const int threads = at::get_num_threads();
  Shapes shapes;
  for (int i = 0; i < 200; ++i) {
    const Case c = random_case(shapes);
    at::set_num_threads(static_cast<int>(shapes.between(1, 5)));
    INFO("case " << i << ": " << c.x.sizes() << " to " << c.weight.size(0) << ", doubled " << c.form.upsampled);
    const nn::FastConvolution direct(c.weight, c.bias, c.form, nn::ConvMode::Direct);
    const nn::FastConvolution winograd(c.weight, c.bias, c.form, nn::ConvMode::Winograd);
    const nn::FastConvolution chosen(c.weight, c.bias, c.form, nn::ConvMode::Auto);
    const auto expected = direct.forward(c.x, c.residual);
    const float bound = c.weight.size(-1) == 7 ? 4e-5F : 2e-5F;  // many more terms in a sum
    CHECK(relative_difference(winograd.forward(c.x, c.residual), expected) < bound);
    CHECK(relative_difference(chosen.forward(c.x, c.residual), expected) < bound);
  }
  at::set_num_threads(threads);
}

TEST_CASE("a convolution to few channels is LibTorch's, laid out either way") {
  const c10::InferenceMode guard;
  torch::manual_seed(29);
  for (const int64_t channels : {1, 3, 4}) {
    const auto x = torch::randn({2, 24, 17, 22});
    const auto weight = torch::randn({channels, 24, 7, 7});
    const auto bias = torch::randn({channels});
    const nn::FastConvolution convolution(weight, bias, {}, nn::ConvMode::Auto);
    const auto expected = torch::conv2d(x, weight, bias, 1, 3);
    CHECK(relative_difference(convolution.forward(x), expected) < 1e-5F);
    CHECK(relative_difference(convolution.forward(x.contiguous(torch::MemoryFormat::ChannelsLast)), expected) < 1e-5F);
  }
}

TEST_CASE("modulation in the convolution is normalisation, scale and shift after it") {
  const c10::InferenceMode guard;
  torch::manual_seed(5);
  for (const int64_t channels : {3, 16, 37}) {
    for (const bool activate : {false, true}) {
      const auto seg = torch::randn({2, 12, 10, 7});
      const auto content = 3 * torch::randn({2, channels, 10, 7}) + 1;
      const auto weight = torch::randn({2 * channels, 12, 3, 3});
      const auto bias = torch::randn({2 * channels});
      nn::FastConvolution::Form form;
      form.modulates = true;
      form.activate = activate;
      form.negative_slope = 0.2;
      const auto both = torch::conv2d(seg, weight, bias, 1, 1).chunk(2, 1);
      auto expected = torch::instance_norm(content, {}, {}, {}, {}, true, 0.1, 1e-5, false) * both[0] + both[1];
      if (activate) expected = torch::leaky_relu(expected, 0.2);
      for (const auto mode : {nn::ConvMode::Direct, nn::ConvMode::Winograd}) {
        const nn::FastConvolution convolution(weight, bias, form, mode);
        CHECK(relative_difference(convolution.modulate(seg, content, nn::instance_statistics(content)), expected) <
              2e-5F);
      }
    }
  }
}

TEST_CASE("a map's statistics are those of its pixels, also far from zero, whatever the threads") {
  const c10::InferenceMode guard;
  torch::manual_seed(7);
  const int threads = at::get_num_threads();
  const auto x = torch::randn({2, 21, 13, 31}) * 0.1 + 1000;
  const auto exact = x.to(torch::kDouble);
  const auto mean = exact.mean({2, 3});
  const auto deviation = (exact.var({2, 3}, /*unbiased=*/false) + 1e-5).rsqrt();
  const auto found = nn::instance_statistics(x);
  CHECK((found.mean - mean).abs().max().item<double>() < 1e-3);
  CHECK((found.deviation / deviation - 1).abs().max().item<double>() < 1e-3);
  at::set_num_threads(3);
  const auto again = nn::instance_statistics(x);
  at::set_num_threads(threads);
  CHECK(torch::equal(again.mean, found.mean));
  CHECK(torch::equal(again.deviation, found.deviation));
}

TEST_CASE("a convolution of single pixels is LibTorch's, for maps and volumes") {
  const c10::InferenceMode guard;
  const auto map = torch::randn({2, 5, 4, 3});
  const auto weight = torch::randn({7, 5, 1, 1});
  const auto bias = torch::randn({7});
  CHECK(relative_difference(nn::convolve_pixels(map, weight, bias), torch::conv2d(map, weight, bias)) < 1e-5F);
  const auto volume = torch::randn({1, 5, 2, 4, 3}).contiguous(torch::MemoryFormat::ChannelsLast3d);
  const auto deep = weight.unsqueeze(-1);
  CHECK(relative_difference(nn::convolve_pixels(volume, deep, {}), torch::conv3d(volume, deep)) < 1e-5F);
}

TEST_CASE("convolutions in training give the gradients of LibTorch's own") {
  const RightGradients right;
  torch::manual_seed(9);
  for (const bool doubled : {false, true}) {
    torch::nn::Conv2d convolution(torch::nn::Conv2dOptions(6, 10, 3).padding(1));
    const auto image = torch::randn({2, 6, 13, 8});
    std::vector<torch::Tensor> results[2];
    for (const bool fast : {false, true}) {
      const nn::FastTraining training(fast ? nn::ConvMode::Winograd : nn::ConvMode::Direct);
      const auto x = image.clone().requires_grad_();
      convolution->zero_grad();
      const auto y = doubled ? nn::convolve_doubled(*convolution, x) : nn::convolve(*convolution, x);
      (y * y).sum().backward();
      results[fast ? 1 : 0] = {y.detach(), x.grad(), convolution->weight.grad().clone(),
                               convolution->bias.grad().clone()};
    }
    for (size_t i = 0; i < results[0].size(); ++i) {
      INFO("doubled " << doubled << ", result " << i);
      CHECK(relative_difference(results[1][i], results[0][i]) < 2e-5F);
    }
  }
}
