#include "core/nn/layers.h"

#include <ATen/CPUGeneratorImpl.h>

#include <cmath>

#include "core/nn/fast_conv/fast_convolution.h"
#include "core/nn/fast_conv/trained_convolution.h"
#include "core/nn/in_place.h"

namespace animate::core::nn {
namespace {

torch::Tensor unfilled(at::IntArrayRef shape) { return torch::empty(shape, torch::kFloat); }

}  // namespace

void fill_randomly(torch::nn::Module& module, uint64_t seed) {
  const torch::NoGradGuard no_grad;
  auto generator = at::detail::createCPUGenerator(seed);
  for (const auto& child : module.modules(/*include_self=*/true)) {
    for (auto& item : child->named_parameters(/*recurse=*/false)) {
      torch::Tensor& parameter = item.value();
      if (item.key() == "weight" && parameter.dim() > 1) {
        const double bound = 1 / std::sqrt(static_cast<double>(parameter.numel() / parameter.size(0)));
        parameter.uniform_(-bound, bound, generator);
      } else {
        parameter.fill_(item.key() == "weight" ? 1 : 0);
      }
    }
  }
}

LinearImpl::LinearImpl(int64_t in, int64_t out, bool biased) {
  weight = register_parameter("weight", unfilled({out, in}), /*requires_grad=*/false);
  if (biased) bias = register_parameter("bias", unfilled({out}), /*requires_grad=*/false);
}

torch::Tensor LinearImpl::forward(const torch::Tensor& x) const {
  // As one matrix of rows: with more axes LibTorch 1.13 adds the bias in a pass of its own.
  const auto rows = x.reshape({-1, x.size(-1)});
  const auto product = bias.defined() ? torch::addmm(bias, rows, weight.t()) : torch::mm(rows, weight.t());
  auto shape = x.sizes().vec();
  shape.back() = weight.size(0);
  return product.view(shape);
}

ConvolutionImpl::ConvolutionImpl(int64_t in, int64_t out, int64_t kernel, int64_t stride, int64_t padding, bool biased)
    : stride_(stride), padding_(padding) {
  weight = register_parameter("weight", unfilled({out, in, kernel, kernel}), /*requires_grad=*/false);
  if (biased) bias = register_parameter("bias", unfilled({out}), /*requires_grad=*/false);
}

torch::Tensor ConvolutionImpl::forward(const torch::Tensor& x) const {
  const auto lasting = x.contiguous(torch::MemoryFormat::ChannelsLast);
  if (weight.size(2) == 1 && stride_ == 1) return convolve_pixels(lasting, weight, bias);
  if (stride_ == 1 && 2 * padding_ + 1 == weight.size(2) && wants_gradients(x, weight)) {
    return convolve_same(lasting, weight, bias).contiguous(torch::MemoryFormat::ChannelsLast);
  }
  if (weight.size(2) == 3 && stride_ == 1 && padding_ == 1 && winograd_pays_once(x)) {
    const FastConvolution fast(weight, bias, {}, ConvMode::Auto);
    return fast.forward(lasting).contiguous(torch::MemoryFormat::ChannelsLast);
  }
  return torch::conv2d(lasting, weight, bias, stride_, padding_).contiguous(torch::MemoryFormat::ChannelsLast);
}

LayerNormImpl::LayerNormImpl(int64_t channels, double eps) : eps_(eps) {
  weight = register_parameter("weight", unfilled({channels}), /*requires_grad=*/false);
  bias = register_parameter("bias", unfilled({channels}), /*requires_grad=*/false);
}

torch::Tensor LayerNormImpl::forward(const torch::Tensor& x) const {
  return torch::layer_norm(x, {x.size(-1)}, weight, bias, eps_);
}

std::shared_ptr<torch::nn::Module> group_of_modules(torch::nn::Module& parent, const std::string& name) {
  return parent.register_module(name, std::make_shared<torch::nn::Module>());
}

}  // namespace animate::core::nn
