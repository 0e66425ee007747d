#include "core/nn/fast_conv/trained_convolution.h"

#include <torch/csrc/autograd/custom_function.h>

#include <utility>

namespace animate::core::nn {
namespace {

thread_local ConvMode training_mode = ConvMode::Direct;

torch::Tensor doubled(const torch::Tensor& x) { return torch::upsample_nearest2d(x, {x.size(2) * 2, x.size(3) * 2}); }

// Weights change with every step, so they are transformed anew; `bias` may be undefined.
torch::Tensor winograd(const torch::Tensor& x, const torch::Tensor& weight, const torch::Tensor& bias, bool upsampled) {
  const torch::NoGradGuard no_grad;
  FastConvolution::Form form;
  form.upsampled = upsampled;
  return FastConvolution(weight.detach(), bias.defined() ? bias.detach() : bias, form, ConvMode::Winograd)
      .forward(x.detach());
}

struct WinogradFunction : torch::autograd::Function<WinogradFunction> {
  static torch::Tensor forward(torch::autograd::AutogradContext* context, const torch::Tensor& x,
                               const torch::Tensor& weight, const torch::Tensor& bias, bool upsampled) {
    context->save_for_backward({x, weight});
    context->saved_data["upsampled"] = upsampled;
    context->saved_data["wants_input"] = x.requires_grad();
    context->saved_data["wants_weights"] = weight.requires_grad() || bias.requires_grad();
    return winograd(x, weight, bias, upsampled);
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 const torch::autograd::variable_list& gradients) {
    const auto saved = context->get_saved_variables();
    const auto& x = saved[0];
    const auto& weight = saved[1];
    const bool upsampled = context->saved_data["upsampled"].toBool();
    const auto& gradient = gradients[0];
    torch::Tensor to_input;
    if (context->saved_data["wants_input"].toBool()) {
      // Back through a same-size convolution goes a convolution with the taps turned round and the channels swapped.
      to_input = winograd(gradient, weight.flip({2, 3}).transpose(0, 1).contiguous(), {}, false);
      // A pixel that was doubled takes the sum of its four copies.
      if (upsampled) to_input = torch::avg_pool2d(to_input, 2) * 4;
    }
    if (!context->saved_data["wants_weights"].toBool()) return {to_input, {}, {}, {}};
    const auto [unused, to_weight, to_bias] =
        torch::convolution_backward(gradient, upsampled ? doubled(x) : x, weight, weight.sizes().slice(0, 1), {1, 1},
                                    {1, 1}, {1, 1}, false, {0, 0}, 1, {false, true, true});
    return {to_input, to_weight, to_bias, {}};
  }
};

bool is_fast(const torch::Tensor& x, const torch::Tensor& weight, const torch::Tensor& bias) {
  if (training_mode == ConvMode::Direct || winograd_lanes() == 0) return false;
  if (weight.size(2) != 3 || weight.size(3) != 3 || !bias.defined()) return false;
  if (!x.is_cpu() || x.scalar_type() != torch::kFloat || weight.scalar_type() != torch::kFloat) return false;
  return training_mode == ConvMode::Winograd || winograd_pays(x);
}

}  // namespace

FastTraining::FastTraining(ConvMode mode) : before_(std::exchange(training_mode, mode)) {}

FastTraining::~FastTraining() { training_mode = before_; }

torch::Tensor convolve(torch::nn::Conv2dImpl& convolution, const torch::Tensor& x) {
  if (!is_fast(x, convolution.weight, convolution.bias)) return convolution.forward(x);
  return WinogradFunction::apply(x, convolution.weight, convolution.bias, false);
}

torch::Tensor convolve_same(const torch::Tensor& x, const torch::Tensor& weight, const torch::Tensor& bias) {
  if (!is_fast(x, weight, bias)) return torch::conv2d(x, weight, bias, 1, weight.size(2) / 2);
  return WinogradFunction::apply(x, weight, bias, false);
}

torch::Tensor convolve_doubled(torch::nn::Conv2dImpl& convolution, const torch::Tensor& x) {
  if (!is_fast(x, convolution.weight, convolution.bias)) return convolution.forward(doubled(x));
  return WinogradFunction::apply(x, convolution.weight, convolution.bias, true);
}

}  // namespace animate::core::nn
