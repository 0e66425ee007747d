#pragma once

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

namespace animate::liveportrait {

// A convolution that was trained with spectral normalisation (Miyato et al., ICLR 2018). Published files store
// weight_orig and the vectors u and v of its largest singular value; the weight in use is weight_orig / (u' W v)
// (LivePortrait, spec section 2.4: no power iteration when evaluating).
struct SpectralConv2dImpl : torch::nn::Module {
  SpectralConv2dImpl(int64_t in, int64_t out, int64_t kernel, bool with_bias);
  // Same-size convolution; divides by sigma every time until fold().
  torch::Tensor forward(const torch::Tensor& x);
  // Divides once and forgets u and v.
  void fold();
  // For files whose weights were folded by somebody else: one plain `weight` in place of the three tensors.
  void expect_plain_weight();
  torch::Tensor effective_weight() const;  // [out, in, k, k]

  torch::Tensor bias;                             // [out]; undefined without bias
  torch::Tensor weight_orig, weight_u, weight_v;  // [out, in, k, k], [out], [in * k * k]
  torch::Tensor weight;                           // defined once folded

 private:
  int64_t padding_;
};
TORCH_MODULE(SpectralConv2d);

}  // namespace animate::liveportrait
