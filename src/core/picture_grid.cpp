#include "core/picture_grid.h"

#include <algorithm>

#include "core/tensor_image.h"

namespace animate::core {

torch::Tensor picture_grid(const torch::Tensor& pictures, int64_t columns, bool normalise) {
  constexpr int64_t padding = 2;
  torch::Tensor shown = pictures;
  if (normalise) {
    const double low = pictures.min().item<double>();
    const double high = pictures.max().item<double>();
    shown = (pictures - low) / std::max(high - low, 1e-5);
  }
  const int64_t count = shown.size(0);
  if (count == 1) return shown[0];
  const int64_t across = std::min(columns, count);
  const int64_t down = (count + across - 1) / across;
  const int64_t height = shown.size(2) + padding;
  const int64_t width = shown.size(3) + padding;
  auto grid = torch::zeros({3, height * down + padding, width * across + padding}, shown.options());
  for (int64_t i = 0; i < count; ++i) {
    grid.narrow(1, i / across * height + padding, shown.size(2))
        .narrow(2, i % across * width + padding, shown.size(3))
        .copy_(shown[i]);
  }
  return grid;
}

Image grid_image(const torch::Tensor& grid) {
  const auto bytes = (grid.detach() * 255 + 0.5).clamp(0, 255).permute({1, 2, 0}).to(torch::kCPU, torch::kUInt8);
  return image_of_bytes(bytes.contiguous());
}

}  // namespace animate::core
