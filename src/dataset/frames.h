#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace animate::dataset {

// Frames of one clip as data sets hand them out: frame by frame, row by row, channels interleaved, values in [0, 1].
struct Frames {
  int64_t count = 0;
  int64_t height = 0;
  int64_t width = 0;
  int64_t channels = 3;
  std::vector<float> values;

  Frames() = default;
  Frames(int64_t n, int64_t h, int64_t w, int64_t c)
      : count(n), height(h), width(w), channels(c), values(static_cast<size_t>(n * h * w * c)) {}

  size_t frame_size() const { return static_cast<size_t>(height * width * channels); }
  std::span<float> frame(int64_t i) {
    return std::span(values).subspan(static_cast<size_t>(i) * frame_size(), frame_size());
  }
  std::span<const float> frame(int64_t i) const {
    return std::span(values).subspan(static_cast<size_t>(i) * frame_size(), frame_size());
  }
};

}  // namespace animate::dataset
