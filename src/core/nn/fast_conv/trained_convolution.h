#pragma once

#include <torch/nn/modules/conv.h>
#include <torch/types.h>

#include "core/nn/fast_conv/fast_convolution.h"

namespace animate::core::nn {

// Whether convolve() and convolve_doubled() may use Winograd on the calling thread, for as long as the object lives.
// Without one they compute as LibTorch does. May be nested; not to be moved between threads.
class FastTraining {
 public:
  explicit FastTraining(ConvMode mode);
  ~FastTraining();
  FastTraining(const FastTraining&) = delete;
  FastTraining& operator=(const FastTraining&) = delete;

 private:
  ConvMode before_;
};

// The convolution as its module computes it, differentiable. Within FastTraining, 3 x 3 convolutions of float maps on
// the CPU go by Winograd where that is faster, forwards and back to the input; weights get LibTorch's gradient.
// x [B, in, H, W] -> [B, out, H', W']
torch::Tensor convolve(torch::nn::Conv2dImpl& convolution, const torch::Tensor& x);

// The same from its arrays: a square kernel of odd size, stride 1, which keeps the size of the maps. `bias` may be
// undefined.
torch::Tensor convolve_same(const torch::Tensor& x, const torch::Tensor& weight, const torch::Tensor& bias);

// The same of the input doubled by nearest neighbours. -> [B, out, 2H, 2W]
torch::Tensor convolve_doubled(torch::nn::Conv2dImpl& convolution, const torch::Tensor& x);

}  // namespace animate::core::nn
