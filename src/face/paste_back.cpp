#include "face/paste_back.h"

#include <algorithm>
#include <cmath>

#include "face/resize_image.h"

namespace animate {
namespace {

constexpr int kOne = 256;  // weight 1 in fixed point

// A smooth rise from 0 to 1 over the band, along one axis.
std::vector<double> ramp(int length, double band, bool soft_start, bool soft_end) {
  std::vector<double> weights(static_cast<size_t>(length), 1.0);
  if (band < 1) return weights;
  for (int i = 0; i < length; ++i) {
    double inside = 1;
    if (soft_start) inside = std::min(inside, (i + 0.5) / band);
    if (soft_end) inside = std::min(inside, (length - i - 0.5) / band);
    weights[static_cast<size_t>(i)] = inside * inside * (3 - 2 * inside);
  }
  return weights;
}

}  // namespace

PasteBack::PasteBack(Image picture, const Box& crop, double feather)
    : picture_(std::move(picture)),
      x_(static_cast<int>(std::lround(crop.x))),
      y_(static_cast<int>(std::lround(crop.y))),
      width_(static_cast<int>(std::lround(crop.width))),
      height_(static_cast<int>(std::lround(crop.height))) {
  const double band = feather * std::min(width_, height_);
  const auto across = ramp(width_, band, x_ > 0, x_ + width_ < picture_.width());
  const auto down = ramp(height_, band, y_ > 0, y_ + height_ < picture_.height());
  mask_.reserve(across.size() * down.size());
  for (const double v : down) {
    for (const double h : across) mask_.push_back(static_cast<uint16_t>(std::lround(kOne * v * h)));
  }
}

Image PasteBack::apply(const Image& animated) const {
  const Image patch = resize_image(animated, width_, height_);
  Image result = picture_.clone();
  const uint16_t* mask = mask_.data();
  for (int row = 0; row < height_; ++row) {
    const uint8_t* in = patch.row(row);
    uint8_t* out = result.row(y_ + row) + 3 * static_cast<size_t>(x_);
    for (int column = 0; column < width_; ++column, ++mask) {
      for (int c = 0; c < 3; ++c, ++in, ++out) {
        *out = static_cast<uint8_t>((*in * *mask + *out * (kOne - *mask) + kOne / 2) / kOne);
      }
    }
  }
  return result;
}

}  // namespace animate
