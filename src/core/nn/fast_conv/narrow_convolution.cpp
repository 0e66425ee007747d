#include "core/nn/fast_conv/narrow_convolution.h"

#include <algorithm>

// As in winograd_kernels.cpp: only vectors of a size known when compiling.
#define HWY_DISABLED_TARGETS (HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV | HWY_WASM | HWY_SSSE3)
#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "core/nn/fast_conv/narrow_convolution.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace animate::core::nn::HWY_NAMESPACE {
namespace {

#if HWY_TARGET != HWY_SCALAR
namespace hn = hwy::HWY_NAMESPACE;
using NarrowD = hn::CappedTag<float, kNarrowLanes>;
using NarrowV = hn::Vec<NarrowD>;
constexpr NarrowD kNarrow;

// Neighbouring outputs whose sums are held in registers at once.
constexpr int64_t kPixels = 4;

// The sums of `Pixels` neighbouring outputs from x on, whose inputs in [first, last) of the kernel's columns lie
// inside.
template <int Out, int64_t Pixels>
HWY_INLINE void convolve_pixels(const NarrowConvolution& c, int64_t image, int64_t y, int64_t x, int64_t first,
                                int64_t last) {
  const int64_t margin = c.kernel / 2;
  const auto lanes = static_cast<int64_t>(hn::Lanes(kNarrow));
  NarrowV sums[Pixels][Out];
  for (auto& pixel : sums) {
    for (NarrowV& sum : pixel) sum = hn::Zero(kNarrow);
  }
  for (int64_t i = std::max<int64_t>(margin - y, 0); i < std::min(c.kernel, c.height + margin - y); ++i) {
    const float* const line = c.input + ((image * c.height + y + i - margin) * c.width + x - margin) * c.in;
    for (int64_t j = first; j < last; ++j) {
      const float* const weights = c.weight + (i * c.kernel + j) * Out * c.in;
      for (int64_t channel = 0; channel < c.in; channel += lanes) {
        NarrowV weight[Out];
        for (int o = 0; o < Out; ++o) weight[o] = hn::LoadU(kNarrow, weights + o * c.in + channel);
        for (int64_t p = 0; p < Pixels; ++p) {
          const NarrowV value = hn::LoadU(kNarrow, line + (j + p) * c.in + channel);
          for (int o = 0; o < Out; ++o) sums[p][o] = hn::MulAdd(value, weight[o], sums[p][o]);
        }
      }
    }
  }
  for (int o = 0; o < Out; ++o) {
    float* const to = c.output + ((image * Out + o) * c.height + y) * c.width + x;
    for (int64_t p = 0; p < Pixels; ++p) to[p] = hn::GetLane(hn::SumOfLanes(kNarrow, sums[p][o])) + c.bias[o];
  }
}

template <int Out>
void convolve_row(const NarrowConvolution& c, int64_t row) {
  const int64_t image = row / c.height;
  const int64_t y = row % c.height;
  const int64_t margin = c.kernel / 2;
  int64_t x = 0;
  while (x < c.width) {
    if (x >= margin && x + kPixels + margin <= c.width) {
      convolve_pixels<Out, kPixels>(c, image, y, x, 0, c.kernel);
      x += kPixels;
      continue;
    }
    const int64_t first = std::max<int64_t>(margin - x, 0);
    convolve_pixels<Out, 1>(c, image, y, x, first, std::min(c.kernel, c.width + margin - x));
    ++x;
  }
}

void convolve(const NarrowConvolution& c, int64_t row) {
  switch (c.out) {
    case 1: return convolve_row<1>(c, row);
    case 2: return convolve_row<2>(c, row);
    case 3: return convolve_row<3>(c, row);
    default: return convolve_row<4>(c, row);
  }
}

bool can_convolve() { return true; }
#else
void convolve(const NarrowConvolution& /*c*/, int64_t /*row*/) {}
bool can_convolve() { return false; }
#endif

}  // namespace
}  // namespace animate::core::nn::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace animate::core::nn {
namespace {
HWY_EXPORT(convolve);
HWY_EXPORT(can_convolve);
}  // namespace

bool has_narrow_convolution() { return HWY_DYNAMIC_DISPATCH(can_convolve)(); }

void convolve_narrow(const NarrowConvolution& c, int64_t threads) {
#pragma omp parallel for num_threads(static_cast <int>(threads)) schedule(dynamic, 4)
  for (int64_t row = 0; row < c.batch * c.height; ++row) HWY_DYNAMIC_DISPATCH(convolve)(c, row);
}

}  // namespace animate::core::nn
#endif
