#pragma once

#include <torch/nn/module.h>
#include <torch/nn/pimpl.h>
#include <torch/types.h>

#include <cstdint>
#include <string>
#include <vector>

// Layers of networks whose weights come from a file: they claim memory for them and leave it as it is. LibTorch's own
// draw random numbers first, which for a billion weights takes longer than reading them; and memory that nobody wrote
// to costs nothing, so that the arrays of a network can be listed and checked before any is read. Names of parameters
// are those of Python's layers. A layer is read-only once filled: safe to call from several threads.
namespace animate::core::nn {

// Uniform numbers with LibTorch's bounds for a new layer of so many inputs: for benchmarks and tests without weights.
// Norms become the identity, mixing factors 0.
void fill_randomly(torch::nn::Module& module, uint64_t seed);

// A module whose file holds arrays that its result does not depend on: they have to be there, and are not read.
class UnreadArrays {
 public:
  struct Array {
    std::string name;  // relative to the module
    std::vector<int64_t> shape;
  };

  UnreadArrays() = default;
  UnreadArrays(const UnreadArrays&) = delete;
  UnreadArrays& operator=(const UnreadArrays&) = delete;
  virtual ~UnreadArrays() = default;
  virtual std::vector<Array> unread() const = 0;
};

// [..., in] -> [..., out], weight [out, in].
struct LinearImpl : torch::nn::Module {
  LinearImpl(int64_t in, int64_t out, bool biased = true);
  torch::Tensor forward(const torch::Tensor& x) const;

  torch::Tensor weight, bias;
};
TORCH_MODULE(Linear);

// A square kernel over maps [N, in, H, W], padded on all sides by `padding` -> [N, out, H', W'], channels last.
struct ConvolutionImpl : torch::nn::Module {
  ConvolutionImpl(int64_t in, int64_t out, int64_t kernel, int64_t stride, int64_t padding, bool biased = true);
  torch::Tensor forward(const torch::Tensor& x) const;

  torch::Tensor weight, bias;

 private:
  int64_t stride_, padding_;
};
TORCH_MODULE(Convolution);

// 3 x 3, stride 1, which keeps the size.
inline Convolution convolution_3x3(int64_t in, int64_t out) { return Convolution(in, out, 3, 1, 1); }

// Over the last axis, eps 1e-5.
struct LayerNormImpl : torch::nn::Module {
  explicit LayerNormImpl(int64_t channels, double eps = 1e-5);
  torch::Tensor forward(const torch::Tensor& x) const;

  torch::Tensor weight, bias;

 private:
  double eps_;
};
TORCH_MODULE(LayerNorm);

// A folder of names in a state dict: "down_blocks.0" is such a one's child "0".
std::shared_ptr<torch::nn::Module> group_of_modules(torch::nn::Module& parent, const std::string& name);

}  // namespace animate::core::nn
