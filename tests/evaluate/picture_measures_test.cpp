#include "evaluate/picture_measures.h"

#include <torch/types.h>

#include <cmath>

#include "support/catch.h"

using namespace animate::evaluate;

namespace {

// Pictures made by a hash of the place, the same here and in Python.
torch::Tensor hashed(int64_t factor) {
  constexpr int64_t side = 24;
  std::vector<double> levels;
  for (int64_t i = 0; i < 3 * side * side; ++i) {
    levels.push_back(static_cast<double>(((i * factor) % 4294967296) >> 24) / 255);
  }
  return torch::tensor(levels, torch::kFloat64).view({1, 3, side, side});
}

}  // namespace

TEST_CASE("picture measures agree with scikit-image") {
  // scikit-image 0.19.3: structural_similarity(a, b, data_range=1, gaussian_weights=True, sigma=1.5,
  // use_sample_covariance=False, channel_axis=0), peak_signal_noise_ratio(a, b, data_range=1), mean |a - b|.
  const auto a = hashed(2654435761), b = 0.7 * a + 0.3 * hashed(2246822519);
  CHECK(structural_similarity(a, b) == Approx(0.888902243188).epsilon(1e-9));
  CHECK(peak_signal_to_noise(a, b) == Approx(18.267022677232).epsilon(1e-9));
  CHECK(mean_absolute_difference(a, b) == Approx(0.099677968410).epsilon(1e-9));
}

TEST_CASE("equal pictures") {
  const auto a = hashed(2654435761).to(torch::kFloat32);
  CHECK(mean_absolute_difference(a, a) == 0);
  CHECK(std::isinf(peak_signal_to_noise(a, a)));
  CHECK(structural_similarity(a, a) == Approx(1).epsilon(1e-12));
}

TEST_CASE("hand-computed pictures") {
  const auto black = torch::zeros({1, 3, 16, 16}), gray = torch::full({1, 3, 16, 16}, 0.5);
  CHECK(mean_absolute_difference(black, gray) == 0.5);
  CHECK(peak_signal_to_noise(black, gray) == Approx(10 * std::log10(4)));
  // Flat pictures: only the luminance term is below 1: C1 / (0.25 + C1).
  CHECK(structural_similarity(black, gray) == Approx(1e-4 / (0.25 + 1e-4)));
}
