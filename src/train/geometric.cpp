#include "train/geometric.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "base/error.h"

namespace animate::train {
namespace {

// One output sample along an axis as a weighted sum of input samples; what lies outside is black and left out.
struct Tap {
  int64_t index;
  double weight;
};
using Taps = std::vector<Tap>;

std::vector<double> gaussian(double sigma) {
  const auto radius = static_cast<int64_t>(4 * sigma + 0.5);
  std::vector<double> weights;
  double sum = 0;
  for (int64_t i = -radius; i <= radius; ++i) {
    const auto x = static_cast<double>(i);
    weights.push_back(std::exp(-0.5 * x * x / (sigma * sigma)));
    sum += weights.back();
  }
  for (double& weight : weights) weight /= sum;
  return weights;
}

// Smoothing and sampling along one axis in one operator: both are linear.
std::vector<Taps> axis_operator(int64_t in, int64_t out, bool bilinear) {
  const double factor = static_cast<double>(in) / static_cast<double>(out);
  const double sigma = std::max(0.0, (factor - 1) / 2);
  const auto kernel = sigma > 0 ? gaussian(sigma) : std::vector<double>{1.0};
  const auto radius = static_cast<int64_t>(kernel.size() / 2);
  std::vector<Taps> rows(static_cast<size_t>(out));
  for (int64_t i = 0; i < out; ++i) {
    auto& taps = rows[static_cast<size_t>(i)];
    const auto add = [&](int64_t centre, double share) {
      if (centre < 0 || centre >= in || share == 0) return;
      for (int64_t k = -radius; k <= radius; ++k) {
        const int64_t index = centre + k;
        if (index >= 0 && index < in) taps.push_back({index, share * kernel[static_cast<size_t>(k + radius)]});
      }
    };
    const double position = (static_cast<double>(i) + 0.5) * factor - 0.5;
    if (bilinear) {
      const double left = std::floor(position);
      add(static_cast<int64_t>(left), 1 - (position - left));
      add(static_cast<int64_t>(left) + 1, position - left);
    } else {
      add(static_cast<int64_t>(std::floor(position + 0.5)), 1);
    }
  }
  return rows;
}

// Values are kept in the range of the input; black counts as part of it only if the result reached it.
void clip_to_input(std::span<const float> in, std::span<const double> result, std::span<float> out) {
  const auto [low, high] = std::minmax_element(in.begin(), in.end());
  const auto [lowest, highest] = std::minmax_element(result.begin(), result.end());
  double min = *low;
  double max = *high;
  if ((min > 0 || max < 0) && *lowest <= 0 && *highest >= 0) {
    min = std::min(min, 0.0);
    max = std::max(max, 0.0);
  }
  for (size_t i = 0; i < out.size(); ++i) out[i] = static_cast<float>(std::clamp(result[i], min, max));
}

}  // namespace

Frames mirror_horizontally(const Frames& frames) {
  Frames out = frames;
  const int64_t c = frames.channels;
  for (int64_t row = 0; row < frames.count * frames.height; ++row) {
    const auto begin = static_cast<size_t>(row * frames.width * c);
    for (int64_t x = 0; x < frames.width; ++x) {
      const auto from = frames.values.begin() + static_cast<std::ptrdiff_t>(begin) + (frames.width - 1 - x) * c;
      std::copy(from, from + c, out.values.begin() + static_cast<std::ptrdiff_t>(begin) + x * c);
    }
  }
  return out;
}

Frames rotate(const Frames& frames, double degrees) {
  Frames out(frames.count, frames.height, frames.width, frames.channels);
  const double angle = degrees * std::numbers::pi / 180;
  const double cosine = std::cos(angle);
  const double sine = std::sin(angle);
  const double cx = static_cast<double>(frames.width) / 2 - 0.5;
  const double cy = static_cast<double>(frames.height) / 2 - 0.5;
  std::vector<double> result(frames.frame_size());
  for (int64_t n = 0; n < frames.count; ++n) {
    const auto in = frames.frame(n);
    const auto pixel = [&](int64_t y, int64_t x, int64_t c) -> double {
      if (y < 0 || x < 0 || y >= frames.height || x >= frames.width) return 0;
      return in[static_cast<size_t>((y * frames.width + x) * frames.channels + c)];
    };
    size_t at = 0;
    for (int64_t y = 0; y < frames.height; ++y) {
      for (int64_t x = 0; x < frames.width; ++x) {
        const double dx = static_cast<double>(x) - cx;
        const double dy = static_cast<double>(y) - cy;
        const double from_x = cx + cosine * dx - sine * dy;
        const double from_y = cy + sine * dx + cosine * dy;
        const auto left = static_cast<int64_t>(std::floor(from_x));
        const auto top = static_cast<int64_t>(std::floor(from_y));
        const double u = from_x - std::floor(from_x);
        const double v = from_y - std::floor(from_y);
        for (int64_t c = 0; c < frames.channels; ++c) {
          result[at++] = (1 - v) * ((1 - u) * pixel(top, left, c) + u * pixel(top, left + 1, c)) +
                         v * ((1 - u) * pixel(top + 1, left, c) + u * pixel(top + 1, left + 1, c));
        }
      }
    }
    clip_to_input(in, result, out.frame(n));
  }
  return out;
}

Frames resize(const Frames& frames, int64_t height, int64_t width, bool bilinear) {
  check(height > 0 && width > 0, ErrorKind::Internal, "frames are to be resized to {}x{}", width, height);
  Frames out(frames.count, height, width, frames.channels);
  const auto vertical = axis_operator(frames.height, height, bilinear);
  const auto horizontal = axis_operator(frames.width, width, bilinear);
  const auto row_length = static_cast<size_t>(frames.width * frames.channels);
  std::vector<double> row(row_length);
  std::vector<double> result(out.frame_size());
  for (int64_t n = 0; n < frames.count; ++n) {
    const auto in = frames.frame(n);
    size_t at = 0;
    for (const Taps& rows : vertical) {
      std::fill(row.begin(), row.end(), 0.0);
      for (const Tap& tap : rows) {
        const auto source = in.subspan(static_cast<size_t>(tap.index) * row_length, row_length);
        for (size_t i = 0; i < row_length; ++i) row[i] += tap.weight * static_cast<double>(source[i]);
      }
      for (const Taps& columns : horizontal) {
        for (int64_t c = 0; c < frames.channels; ++c) {
          double value = 0;
          for (const Tap& tap : columns)
            value += tap.weight * row[static_cast<size_t>(tap.index * frames.channels + c)];
          result[at++] = value;
        }
      }
    }
    clip_to_input(in, result, out.frame(n));
  }
  return out;
}

Frames pad_to(const Frames& frames, int64_t height, int64_t width) {
  const int64_t missing_rows = std::max<int64_t>(0, height - frames.height);
  const int64_t missing_columns = std::max<int64_t>(0, width - frames.width);
  Frames out(frames.count, frames.height + missing_rows, frames.width + missing_columns, frames.channels);
  auto at = out.values.begin();
  for (int64_t n = 0; n < frames.count; ++n) {
    const auto in = frames.frame(n);
    for (int64_t y = 0; y < out.height; ++y) {
      const int64_t from_y = std::clamp<int64_t>(y - missing_rows / 2, 0, frames.height - 1);
      for (int64_t x = 0; x < out.width; ++x) {
        const int64_t from_x = std::clamp<int64_t>(x - missing_columns / 2, 0, frames.width - 1);
        const auto pixel = in.subspan(static_cast<size_t>((from_y * frames.width + from_x) * frames.channels),
                                      static_cast<size_t>(frames.channels));
        at = std::copy(pixel.begin(), pixel.end(), at);
      }
    }
  }
  return out;
}

Frames crop(const Frames& frames, int64_t y, int64_t x, int64_t height, int64_t width) {
  check(y >= 0 && x >= 0 && height > 0 && width > 0 && y + height <= frames.height && x + width <= frames.width,
        ErrorKind::Internal, "a window of {}x{} at ({}, {}) does not lie in frames of {}x{}", width, height, x, y,
        frames.width, frames.height);
  Frames out(frames.count, height, width, frames.channels);
  auto at = out.values.begin();
  for (int64_t n = 0; n < frames.count; ++n) {
    for (int64_t row = 0; row < height; ++row) {
      const auto line = frames.frame(n).subspan(static_cast<size_t>(((y + row) * frames.width + x) * frames.channels),
                                                static_cast<size_t>(width * frames.channels));
      at = std::copy(line.begin(), line.end(), at);
    }
  }
  return out;
}

}  // namespace animate::train
