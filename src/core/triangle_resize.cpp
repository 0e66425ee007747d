#include "core/triangle_resize.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <vector>

#include "base/error.h"

namespace animate::core {
namespace {

constexpr int kFixedBits = 22;  // Pillow's PRECISION_BITS: 32 - 8 for the byte - 2 for sums above it

// What an output sample takes: weights of `first` and the samples behind it.
struct Window {
  int first = 0;
  std::vector<int32_t> weights;
};

// Pillow's precompute_coeffs and normalize_coeffs_8bpc, in its order of operations.
std::vector<Window> windows_of(int in, int out) {
  const double scale = static_cast<double>(in) / out;
  const double stretch = std::max(scale, 1.0);
  const double support = stretch;  // of the triangle, which reaches 1 sample
  std::vector<Window> windows(static_cast<size_t>(out));
  for (int i = 0; i < out; ++i) {
    const double centre = (i + 0.5) * scale;
    const int first = std::max(static_cast<int>(centre - support + 0.5), 0);
    const int last = std::min(static_cast<int>(centre + support + 0.5), in);
    std::vector<double> weights;
    double sum = 0;
    for (int j = first; j < last; ++j) {
      const double away = std::abs((j - centre + 0.5) * (1.0 / stretch));
      weights.push_back(away < 1 ? 1 - away : 0);
      sum += weights.back();
    }
    Window& window = windows[static_cast<size_t>(i)];
    window.first = first;
    for (double weight : weights) {
      if (sum != 0) weight /= sum;
      window.weights.push_back(static_cast<int32_t>(0.5 + weight * (1 << kFixedBits)));
    }
  }
  return windows;
}

uint8_t to_byte(int32_t sum) { return static_cast<uint8_t>(std::clamp(sum >> kFixedBits, 0, 255)); }

constexpr int32_t kRoundUp = 1 << (kFixedBits - 1);

Image resize_rows(const Image& image, int width) {
  const auto windows = windows_of(image.width(), width);
  Image result(width, image.height());
  for (int y = 0; y < image.height(); ++y) {
    const uint8_t* const in = image.row(y);
    uint8_t* out = result.row(y);
    for (const Window& window : windows) {
      int32_t sums[3] = {kRoundUp, kRoundUp, kRoundUp};
      const uint8_t* pixel = in + static_cast<ptrdiff_t>(window.first) * 3;
      for (const int32_t weight : window.weights) {
        for (int c = 0; c < 3; ++c) sums[c] += *pixel++ * weight;
      }
      for (const int32_t sum : sums) *out++ = to_byte(sum);
    }
  }
  return result;
}

Image resize_columns(const Image& image, int height) {
  const auto windows = windows_of(image.height(), height);
  Image result(image.width(), height);
  std::vector<int32_t> sums(image.stride());
  for (int y = 0; y < height; ++y) {
    const Window& window = windows[static_cast<size_t>(y)];
    std::fill(sums.begin(), sums.end(), kRoundUp);
    for (size_t k = 0; k < window.weights.size(); ++k) {
      const uint8_t* const in = image.row(window.first + static_cast<int>(k));
      const int32_t weight = window.weights[k];
      for (size_t x = 0; x < sums.size(); ++x) sums[x] += in[x] * weight;
    }
    std::transform(sums.begin(), sums.end(), result.row(y), to_byte);
  }
  return result;
}

// Half to even, as Python's round() of (side - size) / 2.
int middle(int side, int size) { return static_cast<int>(std::nearbyint((side - size) / 2.0)); }

}  // namespace

Image resize_triangle(const Image& image, int width, int height) {
  Image result = image;
  if (width != image.width()) result = resize_rows(result, width);
  if (height != image.height()) result = resize_columns(result, height);
  return result;
}

Image resize_and_crop(const Image& image, int size) {
  const int shorter = std::min(image.width(), image.height());
  const int longer = std::max(image.width(), image.height());
  const auto other = static_cast<int64_t>(static_cast<int64_t>(size) * longer / shorter);
  constexpr int64_t most = 1 << 16;
  check(other <= most, ErrorKind::Input, "a picture of {}x{} is too long for a face; cut the face out of it",
        image.width(), image.height());
  const bool upright = image.height() >= image.width();
  const Image small =
      resize_triangle(image, upright ? size : static_cast<int>(other), upright ? static_cast<int>(other) : size);
  const int left = middle(small.width(), size);
  const int top = middle(small.height(), size);
  Image result(size, size);
  for (int y = 0; y < size; ++y) {
    std::memcpy(result.row(y), small.row(top + y) + static_cast<ptrdiff_t>(left) * 3, result.stride());
  }
  return result;
}

}  // namespace animate::core
