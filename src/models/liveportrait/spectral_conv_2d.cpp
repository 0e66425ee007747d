#include "models/liveportrait/spectral_conv_2d.h"

#include <cmath>

namespace animate::models::liveportrait {

SpectralConv2dImpl::SpectralConv2dImpl(int64_t in, int64_t out, int64_t kernel, bool with_bias, Form form)
    : in_(in), out_(out), kernel_(kernel) {
  const double bound = 1 / std::sqrt(static_cast<double>(in * kernel * kernel));
  const auto random = torch::empty({out, in, kernel, kernel}).uniform_(-bound, bound);
  if (with_bias) bias = register_parameter("bias", torch::empty({out}).uniform_(-bound, bound));
  if (form == Form::Folded) {
    weight = register_parameter("weight", random);
    return;
  }
  weight_orig = register_parameter("weight_orig", random);
  // A unit vector and its partner by one power step, so that random weights have a sound sigma too.
  const auto u = torch::rand({out}) + 0.1;
  const auto v = torch::mv(random.flatten(1).t(), u / u.norm());
  weight_u = register_buffer("weight_u", u / u.norm());
  weight_v = register_buffer("weight_v", v / v.norm());
}

torch::Tensor SpectralConv2dImpl::effective_weight() const {
  if (weight.defined()) return weight;
  const auto sigma = torch::dot(weight_u, torch::mv(weight_orig.flatten(1), weight_v));
  return weight_orig / sigma;
}

torch::Tensor SpectralConv2dImpl::forward(const torch::Tensor& x) {
  return torch::conv2d(x, effective_weight(), bias, /*stride=*/1, /*padding=*/(kernel_ - 1) / 2);
}

std::shared_ptr<SpectralConv2dImpl> SpectralConv2dImpl::folded(bool copy_weights) const {
  const torch::NoGradGuard no_grad;
  auto plain = std::make_shared<SpectralConv2dImpl>(in_, out_, kernel_, bias.defined(), Form::Folded);
  plain->eval();
  for (auto& parameter : plain->parameters()) parameter.set_requires_grad(false);
  if (copy_weights) {
    plain->weight.copy_(effective_weight());
    if (bias.defined()) plain->bias.copy_(bias);
  }
  return plain;
}

}  // namespace animate::models::liveportrait
