#include "models/liveportrait/spectral_conv_2d.h"

#include <cmath>

namespace animate::liveportrait {

SpectralConv2dImpl::SpectralConv2dImpl(int64_t in, int64_t out, int64_t kernel, bool with_bias)
    : padding_((kernel - 1) / 2) {
  const int64_t fan_in = in * kernel * kernel;
  const double bound = 1 / std::sqrt(static_cast<double>(fan_in));
  if (with_bias) bias = register_parameter("bias", torch::empty({out}).uniform_(-bound, bound));
  weight_orig = register_parameter("weight_orig", torch::empty({out, in, kernel, kernel}).uniform_(-bound, bound));
  // A random unit u and its exact partner, so that random weights have a sound sigma too.
  const auto u = torch::rand({out}) + 0.1;
  const auto v = torch::mv(weight_orig.detach().flatten(1).t(), u / u.norm());
  weight_u = register_buffer("weight_u", u / u.norm());
  weight_v = register_buffer("weight_v", v / v.norm());
}

torch::Tensor SpectralConv2dImpl::effective_weight() const {
  if (weight.defined()) return weight;
  const auto sigma = torch::dot(weight_u, torch::mv(weight_orig.flatten(1), weight_v));
  return weight_orig / sigma;
}

torch::Tensor SpectralConv2dImpl::forward(const torch::Tensor& x) {
  return torch::conv2d(x, effective_weight(), bias, /*stride=*/1, padding_);
}

void SpectralConv2dImpl::expect_plain_weight() {
  if (weight.defined()) return;
  weight = weight_orig;
  for (const char* name : {"weight_u", "weight_v"}) buffers_.erase(name);
  parameters_.erase("weight_orig");
  register_parameter("weight", weight, /*requires_grad=*/false);
  weight_orig = weight_u = weight_v = torch::Tensor();
}

void SpectralConv2dImpl::fold() {
  if (weight.defined()) return;
  const torch::NoGradGuard no_grad;
  weight_orig.copy_(effective_weight());
  expect_plain_weight();
}

}  // namespace animate::liveportrait
