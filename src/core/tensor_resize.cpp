#include "core/tensor_resize.h"

#include <algorithm>

#include "core/resize.h"
#include "core/tensor_image.h"

namespace animate::core {
namespace {

// Sum over the taps of weight * sample, along axis `dim` of [B, H, W, 3].
torch::Tensor weighted(const torch::Tensor& samples, int64_t dim, const torch::Tensor& indices,
                       const torch::Tensor& weights) {
  std::vector<int64_t> shape(4, 1);
  shape[static_cast<size_t>(dim)] = -1;
  torch::Tensor sum;
  for (int64_t tap = 0; tap < indices.size(0); ++tap) {
    const auto taken = samples.index_select(dim, indices[tap]).to(torch::kDouble).mul_(weights[tap].view(shape));
    sum = sum.defined() ? sum.add_(taken) : taken;
  }
  return sum;
}

}  // namespace

TensorResize::Axis TensorResize::make_axis(int64_t in, int64_t out, const torch::Device& device) {
  const auto rows = resize_taps(static_cast<int>(in), static_cast<int>(out));
  size_t most = 0;
  for (const auto& taps : rows) most = std::max(most, taps.size());
  auto indices = torch::zeros({static_cast<int64_t>(most), out}, torch::kLong);
  auto weights = torch::zeros({static_cast<int64_t>(most), out}, torch::kDouble);
  auto* index = indices.data_ptr<int64_t>();
  auto* weight = weights.data_ptr<double>();
  for (size_t i = 0; i < rows.size(); ++i) {
    for (size_t tap = 0; tap < rows[i].size(); ++tap) {
      index[tap * rows.size() + i] = rows[i][tap].index;
      weight[tap * rows.size() + i] = rows[i][tap].weight;
    }
  }
  return {indices.to(device), weights.to(device)};
}

TensorResize::TensorResize(int64_t height, int64_t width, int64_t out_height, int64_t out_width,
                           const torch::Device& device)
    : height_(height),
      width_(width),
      out_height_(out_height),
      out_width_(out_width),
      down_(make_axis(height, out_height, device)),
      across_(make_axis(width, out_width, device)) {
  down_.weights = down_.weights.div(255.0);  // levels become 0..1 on the way
}

torch::Tensor TensorResize::operator()(const torch::Tensor& bytes) const {
  if (height_ == out_height_ && width_ == out_width_) {
    return from_bytes(bytes);
  }
  const auto rows = weighted(bytes, 1, down_.indices, down_.weights);
  auto pixels = weighted(rows, 2, across_.indices, across_.weights);
  const auto levels = bytes.flatten(1);
  const auto lowest = levels.amin(1).to(torch::kDouble).div(255.0).view({-1, 1, 1, 1});
  const auto highest = levels.amax(1).to(torch::kDouble).div(255.0).view({-1, 1, 1, 1});
  pixels = torch::minimum(torch::maximum(pixels, lowest), highest);
  return pixels.permute({0, 3, 1, 2}).to(torch::kFloat).contiguous();
}

}  // namespace animate::core
