#include "core/nn/fast_conv/depthwise_convolution.h"

#include <algorithm>
#include <cmath>

// As in winograd_kernels.cpp: only vectors of a size known when compiling.
#define HWY_DISABLED_TARGETS (HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV | HWY_WASM | HWY_SSSE3)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/nn/fast_conv/depthwise_convolution.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace animate::core::nn::HWY_NAMESPACE {
namespace {

#if HWY_TARGET != HWY_SCALAR
namespace hn = hwy::HWY_NAMESPACE;
using DepthwiseD = hn::CappedTag<float, kDepthwiseLanes>;
using DepthwiseV = hn::Vec<DepthwiseD>;
constexpr DepthwiseD kDepthwise;
constexpr int64_t kTaps = DepthwiseConvolution::kKernel;
constexpr int64_t kMargin = kTaps / 2;

// Neighbouring outputs whose sums are held in registers at once. Each of the 8 + 6 inputs of a row is read once for all
// outputs that it belongs to:
//
//   inputs    x-3 … x … x+10        input c is tap t of output c - t
//   outputs         x … x+7
constexpr int64_t kOutputs = 8;

// Sums of one vector of channels for `kOutputs` outputs from (y, x) on; those beyond the width are stored nowhere.
HWY_INLINE void convolve_vector(const DepthwiseConvolution& c, const float* image, int64_t y, int64_t x,
                                int64_t channel, float* to) {
  DepthwiseV sums[kOutputs];
  const DepthwiseV bias = hn::LoadU(kDepthwise, c.bias + channel);
  for (DepthwiseV& sum : sums) sum = bias;
  const int64_t first = std::max<int64_t>(kMargin - y, 0);
  const int64_t last = std::min(kTaps, c.height + kMargin - y);
  const bool inside = x >= kMargin && x + kOutputs + kMargin <= c.width;
  for (int64_t i = first; i < last; ++i) {
    const float* const line = image + (y + i - kMargin) * c.width * c.channels + channel;
    const float* const weights = c.weight + i * kTaps * c.channels + channel;
    DepthwiseV taps[kTaps];
    for (int64_t t = 0; t < kTaps; ++t) taps[t] = hn::LoadU(kDepthwise, weights + t * c.channels);
    for (int64_t column = 0; column < kOutputs + kTaps - 1; ++column) {
      const int64_t from = x + column - kMargin;
      if (!inside && (from < 0 || from >= c.width)) continue;
      const DepthwiseV value = hn::LoadU(kDepthwise, line + from * c.channels);
      for (int64_t t = 0; t < kTaps; ++t) {
        const int64_t output = column - t;
        if (output >= 0 && output < kOutputs) sums[output] = hn::MulAdd(value, taps[t], sums[output]);
      }
    }
  }
  const int64_t count = std::min(kOutputs, c.width - x);
  for (int64_t p = 0; p < count; ++p) hn::StoreU(sums[p], kDepthwise, to + p * c.channels + channel);
}

float sum_of(DepthwiseV sums) { return hn::GetLane(hn::SumOfLanes(kDepthwise, sums)); }

// In two passes over a pixel, not as the mean of squares less the square of the mean, which cancels.
HWY_INLINE void normalise_pixel(const DepthwiseConvolution& c, float* pixel) {
  const auto lanes = static_cast<int64_t>(hn::Lanes(kDepthwise));
  const float share = 1 / static_cast<float>(c.channels);
  DepthwiseV sum = hn::Zero(kDepthwise);
  for (int64_t i = 0; i < c.channels; i += lanes) sum = hn::Add(sum, hn::LoadU(kDepthwise, pixel + i));
  const DepthwiseV mean = hn::Set(kDepthwise, sum_of(sum) * share);
  DepthwiseV squares = hn::Zero(kDepthwise);
  for (int64_t i = 0; i < c.channels; i += lanes) {
    const DepthwiseV away = hn::Sub(hn::LoadU(kDepthwise, pixel + i), mean);
    squares = hn::MulAdd(away, away, squares);
  }
  const DepthwiseV inverse = hn::Set(kDepthwise, 1 / std::sqrt(sum_of(squares) * share + c.eps));
  for (int64_t i = 0; i < c.channels; i += lanes) {
    const DepthwiseV away = hn::Mul(hn::Sub(hn::LoadU(kDepthwise, pixel + i), mean), inverse);
    const DepthwiseV weight = hn::LoadU(kDepthwise, c.norm_weight + i);
    hn::StoreU(hn::MulAdd(away, weight, hn::LoadU(kDepthwise, c.norm_bias + i)), kDepthwise, pixel + i);
  }
}

void convolve_line(const DepthwiseConvolution& c, int64_t line) {
  const auto lanes = static_cast<int64_t>(hn::Lanes(kDepthwise));
  const int64_t y = line % c.height;
  const float* const image = c.input + line / c.height * c.height * c.width * c.channels;
  for (int64_t x = 0; x < c.width; x += kOutputs) {
    float* const to = c.output + (line * c.width + x) * c.channels;
    for (int64_t channel = 0; channel < c.channels; channel += lanes) convolve_vector(c, image, y, x, channel, to);
    const int64_t count = std::min(kOutputs, c.width - x);
    for (int64_t p = 0; p < count; ++p) normalise_pixel(c, to + p * c.channels);
  }
}

bool can_convolve_depthwise() { return true; }
#else
void convolve_line(const DepthwiseConvolution& /*c*/, int64_t /*line*/) {}
bool can_convolve_depthwise() { return false; }
#endif

}  // namespace
}  // namespace animate::core::nn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace animate::core::nn {
namespace {
HWY_EXPORT(convolve_line);
HWY_EXPORT(can_convolve_depthwise);
}  // namespace

bool has_depthwise_convolution() { return HWY_DYNAMIC_DISPATCH(can_convolve_depthwise)(); }

void convolve_depthwise(const DepthwiseConvolution& c, int64_t threads) {
#pragma omp parallel for num_threads(static_cast <int>(threads)) schedule(dynamic, 2)
  for (int64_t line = 0; line < c.batch * c.height; ++line) HWY_DYNAMIC_DISPATCH(convolve_line)(c, line);
}

}  // namespace animate::core::nn
#endif
