#pragma once

#include <memory>
#include <utility>

#include "core/nn/batch_norm_2d.h"
#include "core/nn/fast_conv/fast_convolution.h"

namespace animate::core::nn {

// The fast form of what the blocks compute once folded; for maps and volumes alike, with the weights of `convolution`.

// convolution -> ReLU, leaky where a slope is given
template <typename Convolution>
std::shared_ptr<const FastConvolution> fast_relu(const Convolution& convolution, ConvMode mode,
                                                 double negative_slope = 0) {
  FastConvolution::Form form;
  form.activate = true;
  form.negative_slope = negative_slope;
  return std::make_shared<const FastConvolution>(convolution.weight, convolution.bias, form, mode);
}

// nearest x2 in the plane -> convolution -> ReLU
template <typename Convolution>
std::shared_ptr<const FastConvolution> fast_relu_of_doubled(const Convolution& convolution, ConvMode mode) {
  FastConvolution::Form form;
  form.upsampled = true;
  form.activate = true;
  return std::make_shared<const FastConvolution>(convolution.weight, convolution.bias, form, mode);
}

// ReLU(norm) -> first -> ReLU, and the second, which adds what it is given
template <typename Convolution>
std::pair<std::shared_ptr<const FastConvolution>, std::shared_ptr<const FastConvolution>> fast_residual(
    const Convolution& first, const Convolution& second, const BatchNorm2dImpl& norm, ConvMode mode) {
  FastConvolution::Form form;
  form.activate = true;
  const auto [scale, shift] = norm.scale_and_shift();
  form.scale = scale.to(first.weight.scalar_type());
  form.shift = shift.to(first.weight.scalar_type());
  return {std::make_shared<const FastConvolution>(first.weight, first.bias, form, mode),
          std::make_shared<const FastConvolution>(second.weight, second.bias, FastConvolution::Form{}, mode)};
}

}  // namespace animate::core::nn
