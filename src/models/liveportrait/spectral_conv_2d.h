#pragma once

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

namespace animate::models::liveportrait {

// A convolution that was trained with spectral normalisation (Miyato et al., ICLR 2018), bias apart. Published files
// store weight_orig and the vectors u and v of its largest singular value; the weight in use is weight_orig / (u' W v)
// (models/liveportrait/README.md#spectral-weights: no power iteration when evaluating).
struct SpectralConv2dImpl : torch::nn::Module {
  // Published: the three tensors. Folded: one plain `weight`, as other programs store it.
  enum class Form { Published, Folded };
  SpectralConv2dImpl(int64_t in, int64_t out, int64_t kernel, bool with_bias, Form form = Form::Published);

  // Same-size convolution; the published form divides by sigma every time.
  torch::Tensor forward(const torch::Tensor& x);
  torch::Tensor effective_weight() const;  // [out, in, k, k]
  // The same map with the division done once (true), or with room for weights that were stored divided (false).
  std::shared_ptr<SpectralConv2dImpl> folded(bool copy_weights) const;

  torch::Tensor bias;                             // [out]; undefined without bias
  torch::Tensor weight_orig, weight_u, weight_v;  // published: [out, in, k, k], [out], [in * k * k]
  torch::Tensor weight;                           // folded: [out, in, k, k]

 private:
  int64_t in_, out_, kernel_;
};
TORCH_MODULE(SpectralConv2d);

}  // namespace animate::models::liveportrait
