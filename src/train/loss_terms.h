#pragma once

#include <torch/types.h>

#include <string>
#include <utility>
#include <vector>

namespace animate::train {

// Loss terms by name, already weighted, in the order they are computed; each a scalar.
struct Losses {
  std::vector<std::pair<std::string, torch::Tensor>> terms;

  void add(std::string name, torch::Tensor value) { terms.emplace_back(std::move(name), std::move(value)); }
  // Undefined when there is no such term.
  torch::Tensor get(const std::string& name) const;
  torch::Tensor total() const;  // the sum; throws Error(Model) when every term is switched off
};

}  // namespace animate::train
