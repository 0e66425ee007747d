#include "core/tensor_warp.h"

#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/device.h"

namespace animate {
namespace {

// cv::warpAffine rounds what a column and a row add to a coordinate to 1/1024 each, adds half of 1/32, keeps 1/32.
constexpr int kFractionBits = 10;
constexpr int kPlaceBits = 5;
constexpr int kSteps = 1 << kPlaceBits;
constexpr int kHalfStep = (1 << kFractionBits) / kSteps / 2;

// Half to even, as cv::saturate_cast.
int32_t rounded(double pixels) {
  const double scaled = std::nearbyint(pixels * (1 << kFractionBits));
  return static_cast<int32_t>(
      std::clamp<double>(scaled, std::numeric_limits<int32_t>::min(), std::numeric_limits<int32_t>::max() - kHalfStep));
}

// What every column and every row of the part adds to x and to y, in 1/1024: columns' x and y, then rows' x and y.
torch::Tensor axis_steps(const std::array<double, 6>& m, const PixelBox& part) {
  auto steps = torch::empty({2 * (int64_t{part.width} + part.height)}, torch::kInt);
  auto* step = steps.data_ptr<int32_t>();
  for (const size_t axis : {0, 3}) {
    for (int x = part.x; x < part.x + part.width; ++x) *step++ = rounded(m[axis] * x);
  }
  for (const size_t axis : {0, 3}) {
    for (int y = part.y; y < part.y + part.height; ++y) {
      *step++ = rounded(m[axis + 1] * y + m[axis + 2]) + kHalfStep;
    }
  }
  return steps;
}

}  // namespace

TensorWarp::TensorWarp(int64_t height, int64_t width, const std::array<double, 6>& from_target, const PixelBox& part,
                       const torch::Device& device)
    : part_(part) {
  const c10::InferenceMode guard;
  const auto steps = sent_to(device, axis_steps(from_target, part))
                         .split_with_sizes({part.width, part.width, part.height, part.height});
  // In 1/32 of a pixel, [part.height, part.width].
  const auto place = [](const torch::Tensor& columns, const torch::Tensor& rows) {
    return torch::bitwise_right_shift(columns.unsqueeze(0) + rows.unsqueeze(1), kFractionBits - kPlaceBits);
  };
  const auto x = place(steps[0], steps[2]);
  const auto y = place(steps[1], steps[3]);
  const auto left = torch::bitwise_right_shift(x, kPlaceBits);
  const auto top = torch::bitwise_right_shift(y, kPlaceBits);
  const auto right_share = torch::bitwise_and(x, kSteps - 1);
  const auto lower_share = torch::bitwise_and(y, kSteps - 1);
  for (size_t tap = 0; tap < indices_.size(); ++tap) {
    const bool right = tap % 2 == 1;
    const bool lower = tap / 2 == 1;
    const auto column = right ? left + 1 : left;
    const auto row = lower ? top + 1 : top;
    const auto inside = (column >= 0) & (column < width) & (row >= 0) & (row < height);
    const auto share = (right ? right_share : kSteps - right_share) * (lower ? lower_share : kSteps - lower_share);
    // What lies outside is black: any pixel, with no share.
    indices_[tap] = (row.clamp(0, height - 1) * width + column.clamp(0, width - 1)).flatten();
    weights_[tap] = (share * inside).reshape({-1, 1});
  }
}

torch::Tensor TensorWarp::operator()(const torch::Tensor& bytes) const {
  const c10::InferenceMode guard;
  const int64_t channels = bytes.size(3);
  const auto pixels = bytes.reshape({-1, channels});
  torch::Tensor sum;
  for (size_t tap = 0; tap < indices_.size(); ++tap) {
    const auto taken = pixels.index_select(0, indices_[tap]).to(torch::kInt).mul_(weights_[tap]);
    sum = sum.defined() ? sum.add_(taken) : taken;
  }
  constexpr int shares_bits = 2 * kPlaceBits;
  sum.add_(1 << (shares_bits - 1));
  return torch::bitwise_right_shift(sum, shares_bits).to(torch::kUInt8).view({1, part_.height, part_.width, channels});
}

}  // namespace animate
