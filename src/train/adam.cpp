#include "train/adam.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "base/error.h"

namespace animate::train {
namespace {

// Parameters that stand at the same step are updated together: on a GPU a few kernels instead of thousands.
struct Group {
  std::vector<torch::Tensor> parameters, gradients, exp_avg, exp_avg_sq;
};

void update(Group& group, int64_t steps, double learning_rate, const Adam::Betas& betas) {
  const auto count = static_cast<double>(steps);
  const double correction1 = 1 - std::pow(betas.first, count);
  const double correction2 = 1 - std::pow(betas.second, count);
  torch::_foreach_mul_(group.exp_avg, betas.first);
  torch::_foreach_add_(group.exp_avg, group.gradients, 1 - betas.first);
  torch::_foreach_mul_(group.exp_avg_sq, betas.second);
  torch::_foreach_addcmul_(group.exp_avg_sq, group.gradients, group.gradients, 1 - betas.second);
  auto denominator = torch::_foreach_sqrt(group.exp_avg_sq);
  torch::_foreach_div_(denominator, std::sqrt(correction2));
  torch::_foreach_add_(denominator, Adam::kEps);
  torch::_foreach_addcdiv_(group.parameters, group.exp_avg, denominator, -learning_rate / correction1);
}

}  // namespace

Adam::Adam(std::vector<torch::Tensor> parameters, double learning_rate)
    : Adam(std::move(parameters), learning_rate, Betas()) {}

Adam::Adam(std::vector<torch::Tensor> parameters, double learning_rate, const Betas& betas)
    : parameters_(std::move(parameters)), moments_(parameters_.size()), learning_rate_(learning_rate), betas_(betas) {}

void Adam::step() {
  const torch::NoGradGuard no_grad;
  std::map<int64_t, Group> groups;
  for (size_t i = 0; i < parameters_.size(); ++i) {
    const auto& gradient = parameters_[i].grad();
    if (!gradient.defined()) continue;
    Moments& moments = moments_[i];
    if (!moments.exp_avg.defined()) {
      moments.exp_avg = torch::zeros_like(parameters_[i]);
      moments.exp_avg_sq = torch::zeros_like(parameters_[i]);
    }
    Group& group = groups[++moments.steps];
    group.parameters.push_back(parameters_[i]);
    group.gradients.push_back(gradient);
    group.exp_avg.push_back(moments.exp_avg);
    group.exp_avg_sq.push_back(moments.exp_avg_sq);
  }
  for (auto& [steps, group] : groups) update(group, steps, learning_rate_, betas_);
}

void Adam::zero_grad() {
  for (auto& parameter : parameters_) parameter.mutable_grad().reset();
}

void Adam::restore(const std::vector<Moments>& moments) {
  check(moments.size() == parameters_.size(), ErrorKind::Internal, "{} optimiser states are given for {} parameters",
        moments.size(), parameters_.size());
  const torch::NoGradGuard no_grad;
  std::vector<Moments> restored(moments.size());
  for (size_t i = 0; i < moments.size(); ++i) {
    if (!moments[i].exp_avg.defined()) continue;
    const auto take = [&](const torch::Tensor& moment) {
      check(moment.sizes() == parameters_[i].sizes(), ErrorKind::Internal,
            "the optimiser state of parameter {} is of another shape", i);
      return torch::empty_like(parameters_[i]).copy_(moment);
    };
    restored[i] = {moments[i].steps, take(moments[i].exp_avg), take(moments[i].exp_avg_sq)};
  }
  moments_ = std::move(restored);
}

double learning_rate_at(double initial, const std::vector<int64_t>& milestones, int64_t epoch) {
  double rate = initial;
  for (const int64_t milestone : milestones) {
    if (milestone <= epoch) rate *= 0.1;
  }
  return rate;
}

}  // namespace animate::train
