#include "train/loss_terms.h"

#include "base/error.h"

namespace animate::train {

torch::Tensor Losses::get(const std::string& name) const {
  for (const auto& [term, value] : terms) {
    if (term == name) return value;
  }
  return {};
}

torch::Tensor Losses::total() const {
  check(!terms.empty(), ErrorKind::Model,
        "every weight of 'train_params.loss_weights' is 0: there is nothing to train; give a weight above 0");
  auto sum = terms.front().second;
  for (size_t i = 1; i < terms.size(); ++i) sum = sum + terms[i].second;
  return sum;
}

}  // namespace animate::train
