#include "core/nn/geglu.h"

#include <algorithm>

#include "core/nn/in_place.h"
#include "core/nn/stage_observer.h"

namespace animate::core::nn {
namespace {

// Of the gate's projection: what lies between stays in the processor's cache.
constexpr int64_t kBlockBytes = int64_t{16} << 20;

}  // namespace

GegluImpl::GegluImpl(int64_t channels) {
  const auto net = group_of_modules(*this, "net");
  const auto first = group_of_modules(*net, "0");
  gate_ = first->register_module("proj", Linear(channels, 8 * channels));
  out_ = net->register_module("2", Linear(4 * channels, channels));
}

torch::Tensor GegluImpl::forward(const torch::Tensor& x) const {
  const auto rows = x.reshape({-1, x.size(-1)});
  const auto gated = [this](const torch::Tensor& some) {
    const auto halves = gate_->forward(some).chunk(2, 1);
    return out_->forward(halves[0] * torch::gelu(halves[1]));
  };
  if (wants_gradients(x, gate_->weight)) return gated(rows).view(x.sizes());
  auto result = torch::empty(rows.sizes(), rows.options());
  const int64_t wide = gate_->weight.size(0);
  const int64_t at_once = std::max<int64_t>(1, kBlockBytes / (wide * static_cast<int64_t>(x.element_size())));
  for (int64_t first = 0; first < rows.size(0); first += at_once) {
    const int64_t count = std::min(at_once, rows.size(0) - first);
    result.narrow(0, first, count).copy_(gated(rows.narrow(0, first, count)));
  }
  auto y = result.view(x.sizes());
  show_stage(*this, y);
  return y;
}

}  // namespace animate::core::nn
