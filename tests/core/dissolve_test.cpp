#include "core/dissolve.h"

#include <torch/types.h>

#include <array>

#include "support/catch.h"

using namespace animate::core;
using namespace animate::motion;

namespace {

// Mean length of the gradient, by differences of neighbours.
double sharpness(const torch::Tensor& picture) {
  const auto right = picture.slice(3, 1).slice(2, 1) - picture.slice(3, 0, -1).slice(2, 1);
  const auto down = picture.slice(2, 1).slice(3, 1) - picture.slice(2, 0, -1).slice(3, 1);
  return (right.square() + down.square()).sqrt().mean().item<double>();
}

double largest(const torch::Tensor& a, const torch::Tensor& b) { return (a - b).abs().max().item<double>(); }

torch::Tensor dissolved(const torch::Tensor& a, const torch::Tensor& b, double weight) {
  return dissolve(a, b, std::array{DissolveWeights{weight, weight}});
}

}  // namespace

TEST_CASE("a dissolve begins with the one picture and ends with the other") {
  torch::manual_seed(1);
  const auto a = torch::rand({1, 3, 64, 48});
  const auto b = torch::rand({1, 3, 64, 48});
  CHECK(largest(dissolved(a, b, 0), a) < 1e-5);
  CHECK(largest(dissolved(a, b, 1), b) < 1e-5);
  CHECK(largest(dissolved(a, a, 0.5), a) < 1e-5);
}

TEST_CASE("of flat colours it is the mean, of unrelated details it stays sharp") {
  const auto dark = torch::full({1, 3, 64, 64}, 0.2);
  const auto light = torch::full({1, 3, 64, 64}, 0.6);
  CHECK(largest(dissolved(dark, light, 0.5), torch::full({1, 3, 64, 64}, 0.4)) < 1e-5);
  torch::manual_seed(2);
  const auto a = 0.5 + 0.1 * torch::randn({1, 3, 64, 64});
  const auto b = 0.5 + 0.1 * torch::randn({1, 3, 64, 64});
  const double ends = (sharpness(a) + sharpness(b)) / 2;
  CHECK(sharpness((a + b) / 2) < 0.8 * ends);
  CHECK(sharpness(dissolved(a, b, 0.5)) > 0.95 * ends);
}

TEST_CASE("details and colours go over by weights of their own, each picture of a batch by its own") {
  const auto a = torch::full({2, 3, 64, 64}, 0.2);
  const auto b = torch::full({2, 3, 64, 64}, 0.6);
  const auto both = dissolve(a, b, std::array{DissolveWeights{0.25, 0}, DissolveWeights{0.75, 1}});
  CHECK(largest(both[0], torch::full({3, 64, 64}, 0.3)) < 1e-5);
  CHECK(largest(both[1], torch::full({3, 64, 64}, 0.5)) < 1e-5);
  const auto one = mixed(a, b.narrow(0, 0, 1), std::array{0.0, 0.5});
  CHECK(largest(one[0], a[0]) == 0);
  CHECK(largest(one[1], torch::full({3, 64, 64}, 0.4)) < 1e-6);
}
