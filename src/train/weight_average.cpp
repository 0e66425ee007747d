#include "train/weight_average.h"

#include <algorithm>
#include <cmath>

namespace animate::train {

void move_average(torch::nn::Module& average, const torch::nn::Module& weights, double kept, int64_t step) {
  const torch::NoGradGuard no_grad;
  const auto done = static_cast<double>(step);
  const double share = std::min(kept, (1 + done) / (10 + done));
  const auto from = weights.parameters();
  auto into = average.parameters();
  for (size_t i = 0; i < into.size(); ++i) into[i].lerp_(from[i].detach(), 1 - share);
}

double limit_gradients(const std::vector<torch::Tensor>& parameters, double most) {
  double sum = 0;
  for (const auto& parameter : parameters) {
    if (parameter.grad().defined()) sum += parameter.grad().square().sum(torch::kDouble).item<double>();
  }
  const double norm = std::sqrt(sum);
  if (norm > most) {
    for (const auto& parameter : parameters) {
      if (parameter.grad().defined()) parameter.grad().mul_(most / norm);
    }
  }
  return norm;
}

}  // namespace animate::train
