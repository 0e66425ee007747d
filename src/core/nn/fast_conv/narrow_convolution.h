#pragma once

#include <cstdint>

namespace animate::core::nn {

// A convolution to one to four channels, as paints a picture at a decoder's end: odd kernel, stride 1, maps that keep
// their size. With so few outputs neither Winograd's products nor LibTorch's blocks fill their vectors; here the
// vectors run over the input's channels.
struct NarrowConvolution {
  const float* input = nullptr;  // [batch, height, width, in]
  float* output = nullptr;       // [batch, out, height, width]
  int64_t batch = 1, height = 0, width = 0, in = 0, out = 0;
  int64_t kernel = 7;
  const float* weight = nullptr;  // [kernel, kernel, out, in]
  const float* bias = nullptr;    // [out]
};

// Input channels must come in vectors of so many.
inline constexpr int64_t kNarrowLanes = 8;
inline constexpr int64_t kMostNarrowOutputs = 4;

// Whether this processor has kernels for it.
bool has_narrow_convolution();
void convolve_narrow(const NarrowConvolution& convolution, int64_t threads);

}  // namespace animate::core::nn
