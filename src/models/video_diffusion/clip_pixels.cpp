#include "models/video_diffusion/clip_pixels.h"

#include <algorithm>
#include <cmath>

namespace animate::models::video_diffusion {
namespace {

// An axis that shrinks f times is smoothed by a deviation of (f - 1) / 2; the others by one that does nothing.
constexpr double kLeastDeviation = 0.001;
constexpr double kDeviations = 4;  // of the kernel's width, both sides together
constexpr int64_t kLeastTaps = 3;

// Normalised, an odd number of taps.
torch::Tensor gaussian(double deviation) {
  const int64_t wide = std::max(static_cast<int64_t>(kDeviations * deviation), kLeastTaps);
  const int64_t taps = wide + (wide % 2 == 0 ? 1 : 0);
  const auto away = torch::arange(taps, torch::kFloat) - static_cast<double>(taps / 2);
  const auto weights = torch::exp(away.square().neg() / (2 * deviation * deviation));
  return weights / weights.sum();
}

double deviation_of(int64_t in, int64_t out) {
  return std::max((static_cast<double>(in) / static_cast<double>(out) - 1) / 2, kLeastDeviation);
}

// Along one axis (2 or 3) of planes [M, 1, H, W], mirrored about the outermost pixels.
torch::Tensor smooth(const torch::Tensor& planes, int64_t axis, int64_t side) {
  const auto weights = gaussian(deviation_of(planes.size(axis), side)).to(planes.device());
  const int64_t half = weights.size(0) / 2;
  const bool across = axis == 3;
  const auto padded = across ? torch::reflection_pad2d(planes, {half, half, 0, 0})
                             : torch::reflection_pad2d(planes, {0, 0, half, half});
  return torch::conv2d(padded, across ? weights.view({1, 1, 1, -1}) : weights.view({1, 1, -1, 1}));
}

torch::Tensor per_channel(std::initializer_list<float> values, const torch::Tensor& like) {
  return torch::tensor(std::vector<float>(values)).view({1, 3, 1, 1}).to(like.device());
}

}  // namespace

torch::Tensor squeeze_to_square(const torch::Tensor& pictures, int64_t side) {
  const auto planes = pictures.contiguous().view({-1, 1, pictures.size(2), pictures.size(3)});
  const auto smoothed = smooth(smooth(planes, 3, side), 2, side);
  return torch::upsample_bicubic2d(smoothed, {side, side}, /*align_corners=*/true)
      .view({pictures.size(0), pictures.size(1), side, side});
}

torch::Tensor clip_pixels(const torch::Tensor& pictures, int64_t side) {
  // There and back from [-1, 1], as the published program rounds.
  const auto square = (squeeze_to_square(pictures * 2 - 1, side) + 1) / 2;
  const auto mean = per_channel({0.48145466F, 0.4578275F, 0.40821073F}, square);
  const auto deviation = per_channel({0.26862954F, 0.26130258F, 0.27577711F}, square);
  return (square - mean) / deviation;
}

}  // namespace animate::models::video_diffusion
