#include "engine/portrait/device_faces.h"

#include <c10/core/InferenceMode.h>

#include <algorithm>

#include "base/error.h"
#include "core/tensor_image.h"
#include "core/tensor_warp.h"
#include "engine/portrait/portrait_job.h"
#include "pictures/paste_region.h"
#include "pictures/portrait_paste_back.h"

namespace animate::engine {
namespace {

// Bytes [1, 2 H, 2 W, 3] -> [1, H, W, 3]: cv::resize by areas to half the sides, rounded half up.
torch::Tensor halved(const torch::Tensor& bytes) {
  const int64_t height = bytes.size(1) / 2;
  const int64_t width = bytes.size(2) / 2;
  const auto sum =
      bytes.to(torch::kInt).view({1, height, 2, width, 2, 3}).sum(std::vector<int64_t>{2, 4}, false, torch::kInt);
  return torch::bitwise_right_shift(sum + 2, 2).to(torch::kUInt8);
}

}  // namespace

Image put_back(const Image& picture, std::span<const PastedPart> parts) {
  if (parts.empty()) return picture;
  Image result = picture.clone();
  for (const PastedPart& part : parts) {
    const Image pixels = part.pixels.image();
    for (int y = 0; y < pixels.height(); ++y) {
      uint8_t* to = result.row(part.where.y + y) + static_cast<size_t>(part.where.x) * 3;
      std::copy_n(pixels.row(y), pixels.stride(), to);
    }
  }
  return result;
}

bool DeviceFaces::takes(int64_t output_side) { return output_side == kCropSide; }

torch::Tensor DeviceFaces::view(const torch::Tensor& picture, const pictures::CropTransform& crop) const {
  const c10::InferenceMode guard;
  check(crop.size == kCropSide, ErrorKind::Internal, "a crop of {} pixels a side instead of {}", crop.size, kCropSide);
  const core::TensorWarp warp(picture.size(1), picture.size(2), pictures::inverse_for_warp(crop.crop_from_image),
                              {0, 0, kCropSide, kCropSide}, transfer_.device());
  return core::from_bytes(halved(warp(picture)));
}

const DeviceFaces::Kept& DeviceFaces::paste_for(size_t face, const torch::Tensor& picture,
                                                const pictures::CropTransform& crop) {
  if (kept_.size() <= face) kept_.resize(face + 1);
  auto& kept = kept_[face];
  const int64_t height = picture.size(1);
  const int64_t width = picture.size(2);
  const bool fits =
      kept && kept->width == width && kept->height == height && kept->crop.image_from_crop == crop.image_from_crop;
  if (fits) return *kept;
  const PixelBox part = pictures::paste_region(crop, static_cast<int>(width), static_cast<int>(height));
  kept.emplace(Kept{crop, width, height, part, std::nullopt});
  if (part.empty()) return *kept;
  if (mask_.empty()) mask_ = pictures::paste_mask(kCropSide, feather_);
  kept->paste.emplace(mask_, kCropSide, pictures::inverse_for_warp(crop.image_from_crop), kept->part,
                      transfer_.device());
  return *kept;
}

std::optional<PastedPart> DeviceFaces::paste(size_t face, torch::Tensor& picture, const torch::Tensor& painted,
                                             const pictures::CropTransform& crop, bool keep) {
  const c10::InferenceMode guard;
  check(crop.size == kCropSide && takes(painted.size(3)), ErrorKind::Internal,
        "a face of {} pixels cannot be pasted here", painted.size(3));
  const Kept& kept = paste_for(face, picture, crop);
  if (!kept.paste) return std::nullopt;
  const auto part = (*kept.paste)(picture, core::to_bytes(painted, core::Rounding::Truncate));
  if (keep) core::part_of(picture, kept.part).copy_(part);
  return PastedPart{kept.part, std::move(transfer_.fetch_bytes(part).front())};
}

}  // namespace animate::engine
