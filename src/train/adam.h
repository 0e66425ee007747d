#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

namespace animate::train {

// Adam with eps 1e-8 and no weight decay, by default with FOMM's beta 0.5 and 0.999
// (models/fomm/README.md#optimisers); the same arithmetic, operation by operation, as torch.optim.Adam. The state can
// be taken out and put back bit by bit. A parameter without a gradient is left alone, its state too.
class Adam {
 public:
  static constexpr double kBeta1 = 0.5;
  static constexpr double kBeta2 = 0.999;
  static constexpr double kEps = 1e-8;

  struct Betas {
    double first = kBeta1;
    double second = kBeta2;
  };

  // What is remembered of a parameter. Undefined moments: it was never updated.
  struct Moments {
    int64_t steps = 0;
    torch::Tensor exp_avg;     // of the parameter's shape, type and device
    torch::Tensor exp_avg_sq;  // the same
  };

  // Parameters in the order of the network's parameters(), which is the order of the published optimiser states.
  Adam(std::vector<torch::Tensor> parameters, double learning_rate);
  Adam(std::vector<torch::Tensor> parameters, double learning_rate, const Betas& betas);

  void step();
  // Drops all gradients.
  void zero_grad();

  double learning_rate() const { return learning_rate_; }
  void set_learning_rate(double rate) { learning_rate_ = rate; }
  const Betas& betas() const { return betas_; }

  const std::vector<torch::Tensor>& parameters() const { return parameters_; }
  const std::vector<Moments>& moments() const { return moments_; }
  // Copies the state in. Throws Error(Internal) when number or shapes differ from the parameters'.
  void restore(const std::vector<Moments>& moments);

 private:
  std::vector<torch::Tensor> parameters_;
  std::vector<Moments> moments_;
  double learning_rate_;
  Betas betas_;
};

// MultiStepLR with gamma 0.1: `initial` times 0.1 for every milestone that is <= `epoch`, counted from 0. A function of
// the epoch alone: a resumed run cannot apply a milestone twice, as the original does (models/fomm/README.md#resuming).
double learning_rate_at(double initial, const std::vector<int64_t>& milestones, int64_t epoch);

}  // namespace animate::train
