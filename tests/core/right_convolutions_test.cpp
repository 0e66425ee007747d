#include "core/right_convolutions.h"

#include <ATen/Context.h>
#include <torch/types.h>

#include <optional>

#include "support/catch.h"

using namespace animate;

namespace {

// As a program that has asked for nothing finds LibTorch.
struct Untouched {
  Untouched() { at::globalContext().setUserEnabledMkldnn(true); }
  ~Untouched() { at::globalContext().setUserEnabledMkldnn(before); }
  bool before = at::globalContext().userEnabledMkldnn();
};

bool with_onednn() { return at::globalContext().userEnabledMkldnn(); }

}  // namespace

TEST_CASE("convolutions of batches are right, in memory that was used before too") {
  const Untouched untouched;
  torch::manual_seed(7);
  for (const int64_t batch : {1, 2, 3}) {
    const RightConvolutions right(batch);
    for (const int64_t in : {3, 16, 24, 34}) {
      INFO("batch " << batch << ", channels " << in);
      const auto x = torch::randn({batch, in, 17, 22});
      const auto weight = torch::randn({17, in, 3, 3});
      { const auto dirt = torch::full({1 << 16}, 1e3); }
      const auto exact = torch::conv2d(x.to(torch::kDouble), weight.to(torch::kDouble));
      CHECK((torch::conv2d(x, weight) - exact).abs().max().item<double>() < 1e-4);
    }
  }
}

TEST_CASE("oneDNN is left out as long as somebody has batches that it would get wrong") {
  const Untouched untouched;
  const bool wrong = !convolves_rightly(2);
  std::optional<RightConvolutions> one(4), other(2);
  CHECK(with_onednn() == !wrong);
  one.reset();
  CHECK(with_onednn() == !wrong);
  other.reset();
  CHECK(with_onednn());
  if (convolves_rightly(1)) {
    const RightConvolutions single(1);
    CHECK(with_onednn());
  }
}

TEST_CASE("trying the convolutions draws no random number") {
  torch::manual_seed(3);
  const auto expected = torch::rand({4});
  torch::manual_seed(3);
  convolves_rightly(2);
  CHECK(torch::equal(torch::rand({4}), expected));
}
