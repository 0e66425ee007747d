#pragma once

#include <torch/nn/module.h>
#include <torch/types.h>

#include <functional>

namespace animate::core::nn {

// Lets a test look into a network: while an observer lives, every module of this thread that calls show_stage() hands
// it what it computed. Costs one look at a thread's variable otherwise. Observers may not be nested.
class StageObserver {
 public:
  using Show = std::function<void(const torch::nn::Module& module, const torch::Tensor& output)>;

  explicit StageObserver(Show show);
  ~StageObserver();
  StageObserver(const StageObserver&) = delete;
  StageObserver& operator=(const StageObserver&) = delete;
};

// Whether somebody looks; where showing needs work of its own.
bool is_observed();

void show_stage(const torch::nn::Module& module, const torch::Tensor& output);

}  // namespace animate::core::nn
