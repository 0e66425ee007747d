#include "core/nn/time_convolution.h"

#include "core/nn/in_place.h"
#include "core/nn/rows.h"

namespace animate::core::nn {
namespace {

constexpr int64_t kBefore = 0, kSame = 1, kAfter = 2;  // taps of the kernel

}  // namespace

TimeConvolutionImpl::TimeConvolutionImpl(int64_t in, int64_t out) {
  const auto matrices = torch::empty({3, in, out}, torch::kFloat);
  weight = register_parameter("weight", matrices.permute({2, 1, 0}).unsqueeze(3).unsqueeze(4), /*requires_grad=*/false);
  bias = register_parameter("bias", torch::empty({out}, torch::kFloat), /*requires_grad=*/false);
}

torch::Tensor TimeConvolutionImpl::forward(const torch::Tensor& x, int64_t frames) const {
  const auto rows = rows_of(x);
  const int64_t pixels = rows.size(1);
  const auto flat = rows.view({-1, rows.size(2)});
  const auto tap = [this](int64_t k) { return weight.select(2, k).flatten(1).t(); };
  if (wants_gradients(x, weight)) {
    // Frames between two of zeros, so that all three taps see whole clips.
    const auto clips = rows.view({-1, frames, pixels * rows.size(2)});
    const auto padded = torch::constant_pad_nd(clips, {0, 0, 1, 1});
    const auto seen = [&](int64_t k) { return padded.narrow(1, k, frames).reshape(flat.sizes()); };
    const auto sum = torch::addmm(bias, torch::cat({seen(kBefore), flat, seen(kAfter)}, 1),
                                  torch::cat({tap(kBefore), tap(kSame), tap(kAfter)}));
    return maps_like(sum.view({rows.size(0), pixels, sum.size(1)}), x);
  }
  auto sum = torch::addmm(bias, flat, tap(kSame));
  // Of each clip: all its frames but the last have one after them, all but the first one before them.
  const int64_t neighbours = (frames - 1) * pixels;
  if (neighbours > 0) {
    for (int64_t first = 0; first < flat.size(0); first += frames * pixels) {
      const auto early = flat.narrow(0, first, neighbours);
      const auto late = flat.narrow(0, first + pixels, neighbours);
      sum.narrow(0, first + pixels, neighbours).addmm_(early, tap(kBefore));
      sum.narrow(0, first, neighbours).addmm_(late, tap(kAfter));
    }
  }
  return maps_like(sum.view({rows.size(0), pixels, sum.size(1)}), x);
}

}  // namespace animate::core::nn
