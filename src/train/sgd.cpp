#include "train/sgd.h"

#include "base/error.h"

namespace animate::train {

Sgd::Sgd(std::vector<torch::Tensor> parameters, double learning_rate, double momentum)
    : parameters_(std::move(parameters)),
      velocities_(parameters_.size()),
      learning_rate_(learning_rate),
      momentum_(momentum) {}

void Sgd::step() {
  const torch::NoGradGuard no_grad;
  for (size_t i = 0; i < parameters_.size(); ++i) {
    const auto& gradient = parameters_[i].grad();
    if (!gradient.defined()) continue;
    if (momentum_ == 0) {
      parameters_[i].add_(gradient, -learning_rate_);
      continue;
    }
    if (velocities_[i].defined()) {
      velocities_[i].mul_(momentum_).add_(gradient);
    } else {
      velocities_[i] = gradient.detach().clone();
    }
    parameters_[i].add_(velocities_[i], -learning_rate_);
  }
}

void Sgd::zero_grad() {
  for (auto& parameter : parameters_) parameter.mutable_grad().reset();
}

void Sgd::restore(const std::vector<torch::Tensor>& velocities) {
  check(velocities.size() == parameters_.size(), ErrorKind::Internal, "{} optimiser states are given for {} parameters",
        velocities.size(), parameters_.size());
  const torch::NoGradGuard no_grad;
  std::vector<torch::Tensor> restored(velocities.size());
  for (size_t i = 0; i < velocities.size(); ++i) {
    if (!velocities[i].defined()) continue;
    check(velocities[i].sizes() == parameters_[i].sizes(), ErrorKind::Internal,
          "the optimiser state of parameter {} is of another shape", i);
    restored[i] = torch::empty_like(parameters_[i]).copy_(velocities[i]);
  }
  velocities_ = std::move(restored);
}

}  // namespace animate::train
