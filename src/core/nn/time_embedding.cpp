#include "core/nn/time_embedding.h"

#include <cmath>

#include "core/nn/stage_observer.h"

namespace animate::core::nn {

torch::Tensor sinusoid(const torch::Tensor& values, int64_t width) {
  const int64_t half = width / 2;
  const auto options = torch::TensorOptions().dtype(torch::kFloat).device(values.device());
  const auto frequencies = torch::exp(torch::arange(half, options) * -std::log(10000.0) / static_cast<double>(half));
  const auto phases = values.to(torch::kFloat).unsqueeze(1) * frequencies.unsqueeze(0);
  return torch::cat({phases.cos(), phases.sin()}, 1);
}

TimeEmbeddingImpl::TimeEmbeddingImpl(int64_t in, int64_t between, int64_t out) {
  linear_1_ = register_module("linear_1", Linear(in, between));
  linear_2_ = register_module("linear_2", Linear(between, out));
}

torch::Tensor TimeEmbeddingImpl::forward(const torch::Tensor& x) const {
  auto y = linear_2_->forward(torch::silu(linear_1_->forward(x)));
  show_stage(*this, y);
  return y;
}

}  // namespace animate::core::nn
