#include "core/right_convolutions.h"

#include <ATen/Context.h>
#include <torch/types.h>

#include <limits>
#include <optional>

#include "core/device.h"
#include "support/catch.h"

using namespace animate;
using namespace animate::core;

namespace {

bool with_onednn() { return at::globalContext().userEnabledMkldnn(); }

// Memory that was used before, and left what shows even where it is multiplied by zero.
void leave_dirt() {
  for (int i = 8; i < 20; ++i) torch::full({1 << i}, std::numeric_limits<float>::quiet_NaN());
}

void check_convolution(const torch::Tensor& x, const torch::Tensor& weight, int64_t stride, int64_t groups = 1) {
  INFO("map " << x.sizes() << ", weight " << weight.sizes() << ", stride " << stride << ", groups " << groups);
  const auto convolve = [&](torch::ScalarType type) {
    const auto map = x.to(type), by = weight.to(type), bias = torch::ones({weight.size(0)}, type);
    return x.dim() == 5 ? torch::conv3d(map, by, bias, stride, 1, 1, groups)
                        : torch::conv2d(map, by, bias, stride, weight.size(2) / 2, 1, groups);
  };
  const auto exact = convolve(torch::kDouble);
  leave_dirt();
  CHECK((convolve(torch::kFloat) - exact).abs().max().item<double>() < 1e-3);
}

}  // namespace

// First, while nobody has mended anything.
TEST_CASE("trying and mending draw no random number, and the choice of the CPU mends") {
  torch::manual_seed(3);
  const auto expected = torch::rand({4});
  torch::manual_seed(3);
  CHECK(choose_device({DeviceChoice::Kind::Cpu}).is_cpu());
  CHECK(torch::equal(torch::rand({4}), expected));
  CHECK(convolutions_are_right());
}

TEST_CASE("convolutions are right once they are mended, in memory that was used before too") {
  mend_convolutions();
  torch::manual_seed(7);
  for (const int64_t batch : {1, 3}) {
    for (const int64_t in : {1, 3, 12, 16, 17, 24, 34}) {
      for (const int64_t side : {17, 64}) {
        const auto x = torch::randn({batch, in, side, side});
        for (const int64_t kernel : {1, 3, 7}) check_convolution(x, torch::randn({12, in, kernel, kernel}), 1);
        check_convolution(x, torch::randn({17, in, 3, 3}), 2);
        check_convolution(x, torch::randn({in, 1, 7, 7}), 1, in);
      }
      check_convolution(torch::randn({batch, in, 6, 16, 16}), torch::randn({9, in, 3, 3, 3}), 1);
    }
  }
}

TEST_CASE("gradients are right as long as somebody asks for it, and oneDNN is back afterwards") {
  mend_convolutions();
  const bool before = with_onednn();
  std::optional<RightGradients> one(std::in_place), other(std::in_place);
  const bool meanwhile = with_onednn();
  torch::manual_seed(9);
  for (const int64_t in : {12, 24, 34}) {
    INFO("channels " << in);
    const auto x = torch::randn({5, in, 33, 33}), weight = torch::randn({20, in, 3, 3});
    const auto gradients = [&](torch::ScalarType type) {
      const auto map = x.detach().to(type, false, true).requires_grad_();
      const auto by = weight.detach().to(type, false, true).requires_grad_();
      leave_dirt();
      torch::conv2d(map, by, {}, 1, 1).square().sum().backward();
      return std::pair{map.grad(), by.grad()};
    };
    const auto [map, by] = gradients(torch::kFloat);
    const auto [exact_map, exact_by] = gradients(torch::kDouble);
    CHECK((map - exact_map).abs().max().item<double>() < 1e-4 * exact_map.abs().max().item<double>());
    CHECK((by - exact_by).abs().max().item<double>() < 1e-4 * exact_by.abs().max().item<double>());
  }
  one.reset();
  CHECK(with_onednn() == meanwhile);
  other.reset();
  CHECK(with_onednn() == before);
}
