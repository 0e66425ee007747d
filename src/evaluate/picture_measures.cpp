#include "evaluate/picture_measures.h"

#include <cmath>
#include <limits>

namespace animate::evaluate {
namespace {

constexpr int64_t kRadius = 5;
constexpr double kSigma = 1.5;

// Weighted means over every window that lies in the picture, one axis after the other.
torch::Tensor window_means(const torch::Tensor& planes) {
  const auto places = torch::arange(-kRadius, kRadius + 1, planes.options());
  auto weights = torch::exp(-places * places / (2 * kSigma * kSigma));
  weights = weights / weights.sum();
  const auto down = torch::conv2d(planes, weights.view({1, 1, -1, 1}));
  return torch::conv2d(down, weights.view({1, 1, 1, -1}));
}

}  // namespace

double mean_absolute_difference(const torch::Tensor& a, const torch::Tensor& b) {
  return (a.to(torch::kFloat64) - b.to(torch::kFloat64)).abs().mean().item<double>();
}

double peak_signal_to_noise(const torch::Tensor& a, const torch::Tensor& b) {
  const auto difference = a.to(torch::kFloat64) - b.to(torch::kFloat64);
  const double error = (difference * difference).mean().item<double>();
  return error == 0 ? std::numeric_limits<double>::infinity() : -10 * std::log10(error);
}

double structural_similarity(const torch::Tensor& a, const torch::Tensor& b) {
  const auto x = a.to(torch::kFloat64).transpose(0, 1);  // channels as a batch
  const auto y = b.to(torch::kFloat64).transpose(0, 1);
  const auto mx = window_means(x), my = window_means(y);
  const auto xx = window_means(x * x) - mx * mx;
  const auto yy = window_means(y * y) - my * my;
  const auto xy = window_means(x * y) - mx * my;
  constexpr double c1 = 0.01 * 0.01, c2 = 0.03 * 0.03;
  const auto similarity = ((2 * mx * my + c1) * (2 * xy + c2)) / ((mx * mx + my * my + c1) * (xx + yy + c2));
  return similarity.mean().item<double>();
}

}  // namespace animate::evaluate
