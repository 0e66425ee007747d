#include "core/tensor_warp.h"

#include <c10/core/InferenceMode.h>

#include <vector>

#include "base/warp_steps.h"
#include "core/device.h"

namespace animate::core {
namespace {

constexpr int kPlaces = 1 << kWarpPlaceBits;  // in a pixel

// Columns' x and y, then rows' x and y, one after the other: one copy to the device.
torch::Tensor joined(const WarpSteps& steps) {
  std::vector<int32_t> all;
  for (const auto* list : {&steps.columns_x, &steps.columns_y, &steps.rows_x, &steps.rows_y}) {
    all.insert(all.end(), list->begin(), list->end());
  }
  return torch::tensor(all, torch::kInt);
}

}  // namespace

TensorWarp::TensorWarp(int64_t height, int64_t width, const std::array<double, 6>& from_target, const PixelBox& part,
                       const torch::Device& device)
    : part_(part) {
  const c10::InferenceMode guard;
  const auto steps = sent_to(device, joined(warp_steps(from_target, part)))
                         .split_with_sizes({part.width, part.width, part.height, part.height});
  // In 1/32 of a pixel, [part.height, part.width].
  const auto place = [](const torch::Tensor& columns, const torch::Tensor& rows) {
    return torch::bitwise_right_shift(columns.unsqueeze(0) + rows.unsqueeze(1), kWarpFractionBits - kWarpPlaceBits);
  };
  const auto x = place(steps[0], steps[2]);
  const auto y = place(steps[1], steps[3]);
  const auto left = torch::bitwise_right_shift(x, kWarpPlaceBits);
  const auto top = torch::bitwise_right_shift(y, kWarpPlaceBits);
  const auto right_share = torch::bitwise_and(x, kPlaces - 1);
  const auto lower_share = torch::bitwise_and(y, kPlaces - 1);
  for (size_t tap = 0; tap < indices_.size(); ++tap) {
    const bool right = tap % 2 == 1;
    const bool lower = tap / 2 == 1;
    const auto column = right ? left + 1 : left;
    const auto row = lower ? top + 1 : top;
    const auto inside = (column >= 0) & (column < width) & (row >= 0) & (row < height);
    const auto share = (right ? right_share : kPlaces - right_share) * (lower ? lower_share : kPlaces - lower_share);
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
  constexpr int shares_bits = 2 * kWarpPlaceBits;
  sum.add_(1 << (shares_bits - 1));
  return torch::bitwise_right_shift(sum, shares_bits).to(torch::kUInt8).view({1, part_.height, part_.width, channels});
}

}  // namespace animate::core
