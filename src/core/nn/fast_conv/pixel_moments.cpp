#include "core/nn/fast_conv/pixel_moments.h"

#include <algorithm>

#include "core/nn/fast_conv/aligned_buffer.h"

namespace animate::core::nn {
namespace {

constexpr int64_t kPiece = 64;  // pixels

// Means, then sums of squares about them, of one piece.
void measure(const float* pixels, int64_t count, int64_t channels, float* mean, float* squares) {
  std::fill_n(mean, channels, 0.0F);
  std::fill_n(squares, channels, 0.0F);
  for (int64_t i = 0; i < count; ++i) {
    for (int64_t c = 0; c < channels; ++c) mean[c] += pixels[i * channels + c];
  }
  const float share = 1 / static_cast<float>(count);
  for (int64_t c = 0; c < channels; ++c) mean[c] *= share;
  for (int64_t i = 0; i < count; ++i) {
    for (int64_t c = 0; c < channels; ++c) {
      const float difference = pixels[i * channels + c] - mean[c];
      squares[c] += difference * difference;
    }
  }
}

}  // namespace

void pixel_moments(const float* maps, const PixelMaps& shape, int64_t threads, float* mean, float* variance) {
  const int64_t channels = shape.channels;
  const int64_t pieces = (shape.pixels + kPiece - 1) / kPiece;
  thread_local AlignedBuffer kept;
  kept.reserve(static_cast<size_t>(shape.batch * pieces * 2 * channels));
  float* const measured = kept.data();
#pragma omp parallel for num_threads(static_cast <int>(threads))
  for (int64_t i = 0; i < shape.batch * pieces; ++i) {
    const int64_t first = i % pieces * kPiece;
    const float* const pixels = maps + (i / pieces * shape.pixels + first) * channels;
    float* const to = measured + i * 2 * channels;
    measure(pixels, std::min(kPiece, shape.pixels - first), channels, to, to + channels);
  }
  for (int64_t image = 0; image < shape.batch; ++image) {
    float* const all_mean = mean + image * channels;
    float* const all_squares = variance + image * channels;
    std::fill_n(all_mean, channels, 0.0F);
    std::fill_n(all_squares, channels, 0.0F);
    int64_t seen = 0;
    for (int64_t piece = 0; piece < pieces; ++piece) {
      const int64_t count = std::min(kPiece, shape.pixels - piece * kPiece);
      const float* const piece_mean = measured + (image * pieces + piece) * 2 * channels;
      const float share = static_cast<float>(count) / static_cast<float>(seen + count);
      for (int64_t c = 0; c < channels; ++c) {
        const float difference = piece_mean[c] - all_mean[c];
        all_mean[c] += difference * share;
        all_squares[c] += piece_mean[channels + c] + difference * difference * share * static_cast<float>(seen);
      }
      seen += count;
    }
    for (int64_t c = 0; c < channels; ++c) all_squares[c] /= static_cast<float>(shape.pixels);
  }
}

}  // namespace animate::core::nn
