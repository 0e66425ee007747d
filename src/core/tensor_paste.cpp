#include "core/tensor_paste.h"

#include <c10/core/InferenceMode.h>

#include <algorithm>

namespace animate::core {
namespace {

// What a mask's level stands for. A table: CUDA multiplies by 1/255 where a tensor is divided by 255, and rounds
// otherwise.
torch::Tensor level_shares(const torch::Device& device) {
  auto shares = torch::empty({256}, torch::kFloat);
  for (int level = 0; level < 256; ++level) shares.data_ptr<float>()[level] = static_cast<float>(level) / 255.0F;
  return shares.to(device);
}

torch::Tensor mask_bytes(std::span<const uint8_t> values, int64_t size, const torch::Device& device) {
  auto bytes = torch::empty({1, size, size, 1}, torch::kUInt8);
  std::copy(values.begin(), values.end(), bytes.data_ptr<uint8_t>());
  return bytes.to(device);
}

}  // namespace

torch::Tensor part_of(const torch::Tensor& picture, const PixelBox& part) {
  return picture.narrow(1, part.y, part.height).narrow(2, part.x, part.width);
}

TensorPaste::TensorPaste(std::span<const uint8_t> mask, int64_t size, const std::array<double, 6>& crop_from_image,
                         const PixelBox& part, const torch::Device& device)
    : part_(part), warp_(size, size, crop_from_image, part, device) {
  const c10::InferenceMode guard;
  const auto levels = warp_(mask_bytes(mask, size, device));
  share_ = level_shares(device).index_select(0, levels.flatten().to(torch::kInt)).view(levels.sizes());
  rest_ = 1 - share_;
}

torch::Tensor TensorPaste::operator()(const torch::Tensor& picture, const torch::Tensor& crop) const {
  const c10::InferenceMode guard;
  // Two products and a sum, each rounded, as on the CPU; a fused multiply-add would round once.
  const auto painted = warp_(crop).to(torch::kFloat).mul_(share_);
  const auto kept = part_of(picture, part_).to(torch::kFloat).mul_(rest_);
  return (painted + kept).clamp_(0, 255).to(torch::kUInt8);
}

}  // namespace animate::core
