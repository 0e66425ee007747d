#include "core/dissolve.h"

#include <torch/nn/functional/conv.h>
#include <torch/nn/functional/padding.h>
#include <torch/types.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace animate::core {
namespace {

namespace F = torch::nn::functional;

// Details are finer than this share of the shorter side.
constexpr double kDetailShare = 1.0 / 64;
// Equal details need no gain, those that have nothing in common sqrt(2); more would only strengthen noise.
constexpr double kMostGain = 1.4142135623730951;

torch::Tensor shares_like(const torch::Tensor& pictures, const std::vector<double>& shares) {
  return torch::tensor(shares, torch::kDouble).to(pictures.options()).view({-1, 1, 1, 1});
}

// The picture without its details: a Gaussian, whose kernel is separated; edges are continued.
torch::Tensor blurred(const torch::Tensor& pictures) {
  const double sigma = std::max(0.5, kDetailShare * static_cast<double>(std::min(pictures.size(2), pictures.size(3))));
  const auto reach = static_cast<int64_t>(std::ceil(3 * sigma));
  const auto places = torch::arange(-reach, reach + 1, pictures.options());
  const auto bell = torch::exp(places.square() / (-2 * sigma * sigma));
  const auto kernel = bell / bell.sum();
  const int64_t channels = pictures.size(1);
  const auto padded = F::pad(pictures, F::PadFuncOptions({reach, reach, reach, reach}).mode(torch::kReplicate));
  const auto down = kernel.view({1, 1, -1, 1}).expand({channels, 1, -1, 1});
  const auto across = kernel.view({1, 1, 1, -1}).expand({channels, 1, 1, -1});
  const auto options = F::Conv2dFuncOptions().groups(channels);
  return F::conv2d(F::conv2d(padded, down, options), across, options);
}

torch::Tensor strength(const torch::Tensor& details) { return details.square().mean({1, 2, 3}, true).sqrt(); }

}  // namespace

torch::Tensor mixed(const torch::Tensor& from, const torch::Tensor& to, std::span<const double> shares) {
  const auto share = shares_like(from, {shares.begin(), shares.end()});
  return from * (1 - share) + to * share;
}

torch::Tensor dissolve(const torch::Tensor& from, const torch::Tensor& to,
                       std::span<const motion::DissolveWeights> weights) {
  std::vector<double> coarse;
  std::vector<double> fine;
  for (const motion::DissolveWeights& weight : weights) {
    coarse.push_back(weight.coarse);
    fine.push_back(weight.fine);
  }
  const auto from_colours = blurred(from);
  const auto to_colours = blurred(to);
  const auto from_details = from - from_colours;
  const auto to_details = to - to_colours;
  const auto details = mixed(from_details, to_details, fine);
  const auto wanted = mixed(strength(from_details), strength(to_details), fine);
  const auto gain = (wanted / strength(details).clamp_min(1e-6)).clamp(1, kMostGain);
  return (mixed(from_colours, to_colours, coarse) + details * gain).clamp(0, 1);
}

}  // namespace animate::core
