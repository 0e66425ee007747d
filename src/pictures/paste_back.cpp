#include "pictures/paste_back.h"

#include <algorithm>
#include <cmath>

#include "pictures/resize_image.h"

namespace animate::pictures {
namespace {

constexpr int kOne = 256;

// Weights along one side of the box: 0 on its first pixel, 1 from `band` pixels on, and the same from the other end.
std::vector<double> ramp(int length, double band, bool soft_start, bool soft_end) {
  std::vector<double> weights(static_cast<size_t>(length), 1.0);
  if (band <= 0) return weights;
  for (int i = 0; i < length; ++i) {
    double distance = band;
    if (soft_start) distance = std::min<double>(distance, i);
    if (soft_end) distance = std::min<double>(distance, length - 1 - i);
    const double t = distance / band;
    weights[static_cast<size_t>(i)] = t * t * (3 - 2 * t);
  }
  return weights;
}

std::vector<uint16_t> make_mask(const Image& picture, const PixelBox& box, double feather) {
  const double band = std::clamp(feather, 0.0, 0.5) * std::min(box.width, box.height);
  const auto across = ramp(box.width, band, box.x > 0, box.x + box.width < picture.width());
  const auto down = ramp(box.height, band, box.y > 0, box.y + box.height < picture.height());
  std::vector<uint16_t> mask;
  mask.reserve(across.size() * down.size() * 3);
  for (const double row : down) {
    for (const double column : across) {
      mask.insert(mask.end(), 3, static_cast<uint16_t>(std::lround(row * column * kOne)));
    }
  }
  return mask;
}

}  // namespace

PasteBack::PasteBack(Image full_picture, const Box& crop, double feather)
    : full_picture_(std::move(full_picture)),
      box_(to_pixels(crop, full_picture_)),
      mask_(make_mask(full_picture_, box_, feather)) {}

Image PasteBack::apply(const Image& animated_crop) const {
  const Image crop = resize_image(animated_crop, box_.width, box_.height);
  Image result = full_picture_.clone();
  const size_t length = crop.stride();
  for (int y = 0; y < box_.height; ++y) {
    const uint16_t* weight = mask_.data() + length * static_cast<size_t>(y);
    const uint8_t* from = crop.row(y);
    uint8_t* to = result.row(box_.y + y) + static_cast<size_t>(box_.x) * 3;
    for (size_t i = 0; i < length; ++i) {
      to[i] = static_cast<uint8_t>((to[i] * (kOne - weight[i]) + from[i] * weight[i] + kOne / 2) / kOne);
    }
  }
  return result;
}

}  // namespace animate::pictures
