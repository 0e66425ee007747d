#pragma once

#include <torch/types.h>

#include <memory>
#include <mutex>
#include <string>

#include "animate/option_values.h"
#include "core/nn/fast_conv/winograd.h"

namespace animate::core::nn {

// How 3 x 3 and 7 x 7 convolutions are computed on the CPU: Auto takes what is faster for the shape at hand.
using ConvMode = ConvolutionChoice;

// Whether Winograd is the faster way for an input [B, C, (D,) H, W]. It loses where there are too few tiles to use a
// transformed weight often, where maps are smaller than a tile, and without vectors of eight floats; measured on two
// AVX-512 cores against oneDNN 2.6 over the layers of both families.
bool winograd_pays(const torch::Tensor& x);

// Whether it does even for one call, whose weights are transformed for it alone: networks whose transformed weights
// would not fit into memory have no others. x [B, C, H, W] on the CPU, in float, without gradients; false for any
// other.
bool winograd_pays_once(const torch::Tensor& x);

// Of a map [B, C, H, W] over its pixels, each [B, C].
struct InstanceStatistics {
  torch::Tensor mean;
  torch::Tensor deviation;  // its inverse: 1 / sqrt(variance + 1e-5)
};
InstanceStatistics instance_statistics(const torch::Tensor& x);

// A convolution 1 x 1 (x 1) as one matrix product of all pixels, which must not be copied where the channels are last.
// x [B, C, (D,) H, W], weight [out, C, 1, …], bias [out] or undefined -> [B, out, (D,) H, W], channels last
torch::Tensor convolve_pixels(const torch::Tensor& x, const torch::Tensor& weight, const torch::Tensor& bias);

// A convolution 3 x 3, 7 x 7 or the same over depth, of stride 1, which keeps the size of its maps, with what stands
// round it in a block, on the CPU and for inference. Winograd and LibTorch's own give the same numbers within about
// 1e-5 of the output's range. Safe to call from several threads.
class FastConvolution {
 public:
  struct Form {
    bool upsampled = false;      // the input is doubled first in height and width, by nearest neighbours
    bool activate = false;       // ReLU of the output, leaky by
    double negative_slope = 0;   // this factor
    torch::Tensor scale, shift;  // [in]: the input becomes ReLU(x * scale + shift) first, or undefined
    bool modulates = false;      // for modulate() instead of forward()
  };

  // `weight` is [out, in, 3, 3] or [out, in, 3, 3, 3], `bias` [out] or undefined; both are shared, not copied.
  FastConvolution(torch::Tensor weight, torch::Tensor bias, Form form, ConvMode mode);

  // x [B, in, H, W] or [B, in, D, H, W] -> [B, out, (D,) H', W'] with the channels last in memory; `residual`, of that
  // size, is added last.
  torch::Tensor forward(const torch::Tensor& x, const torch::Tensor& residual = {}) const;

  // Of x the convolution makes gamma and beta, a half of its channels each; gives `content`, less its mean and over its
  // deviation by channel, times gamma plus beta (Park et al., CVPR 2019). -> like content, channels last
  torch::Tensor modulate(const torch::Tensor& x, const torch::Tensor& content,
                         const InstanceStatistics& statistics) const;

 private:
  bool is_winograd(const torch::Tensor& x) const;
  bool is_narrow(const torch::Tensor& x) const;
  torch::Tensor narrow(const torch::Tensor& x) const;
  torch::Tensor winograd(const torch::Tensor& x, WinogradFusion fusion) const;
  torch::Tensor direct(const torch::Tensor& x) const;
  const WinogradWeights& packed() const;

  torch::Tensor weight_, bias_;
  Form form_;
  ConvMode mode_;
  // Made when first needed: not every shape is computed this way, and transformed weights take four times the room.
  mutable std::once_flag once_;
  mutable std::unique_ptr<const WinogradWeights> packed_;
  mutable torch::Tensor narrow_weight_;  // [kernel, kernel, out, in]; packed_ or this, under once_
};

}  // namespace animate::core::nn
