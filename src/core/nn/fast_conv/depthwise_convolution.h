#pragma once

#include <cstdint>

namespace animate::core::nn {

// A convolution 7 x 7 of every channel by itself, stride 1, over maps that keep their size, and the normalisation of
// each pixel over its channels (Ba et al., Layer Normalization, 2016) while the pixel is still in the cache: how every
// block of ConvNeXt begins.
struct DepthwiseConvolution {
  static constexpr int64_t kKernel = 7;

  const float* input = nullptr;  // [batch, height, width, channels]
  float* output = nullptr;       // of the same size, other memory
  int64_t batch = 1, height = 0, width = 0, channels = 0;
  const float* weight = nullptr;  // [7, 7, channels]
  const float* bias = nullptr;    // [channels]
  // y = (x - mean) / sqrt(variance + eps) * norm_weight + norm_bias, [channels] each.
  const float* norm_weight = nullptr;
  const float* norm_bias = nullptr;
  float eps = 1e-6F;
};

// Channels must come in vectors of so many.
inline constexpr int64_t kDepthwiseLanes = 16;

// Whether this processor has kernels for it.
bool has_depthwise_convolution();

// The number of threads does not change a bit of the result.
void convolve_depthwise(const DepthwiseConvolution& convolution, int64_t threads);

}  // namespace animate::core::nn
