#include "core/convolution_check.h"

#include <ATen/Context.h>
#include <torch/types.h>

#include "support/catch.h"

using namespace animate;

TEST_CASE("once it was looked at, LibTorch's convolutions of batches are right, in memory that was used before too") {
  const bool before = at::globalContext().userEnabledMkldnn();
  torch::manual_seed(7);
  for (const int64_t batch : {1, 2, 3}) {
    use_right_convolutions(batch);
    CHECK(at::globalContext().userEnabledMkldnn() == convolves_rightly(batch));
    for (const int64_t in : {3, 16, 24, 34}) {
      INFO("batch " << batch << ", channels " << in);
      const auto x = torch::randn({batch, in, 17, 22});
      const auto weight = torch::randn({17, in, 3, 3});
      { const auto dirt = torch::full({1 << 16}, 1e3); }
      const auto exact = torch::conv2d(x.to(torch::kDouble), weight.to(torch::kDouble));
      CHECK((torch::conv2d(x, weight) - exact).abs().max().item<double>() < 1e-4);
    }
  }
  at::globalContext().setUserEnabledMkldnn(before);
}

TEST_CASE("looking at the convolutions draws no random number") {
  torch::manual_seed(3);
  const auto expected = torch::rand({4});
  torch::manual_seed(3);
  use_right_convolutions(2);
  CHECK(torch::equal(torch::rand({4}), expected));
}
