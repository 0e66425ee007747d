#pragma once

#include <torch/types.h>

#include <vector>

namespace animate::train {

// Gradient descent with momentum, without dampening, Nesterov's step or weight decay; the same arithmetic, operation by
// operation, as torch.optim.SGD: v = momentum v + g (at first v = g), p = p - rate v. The state can be taken out and
// put back bit by bit. A parameter without a gradient is left alone, its state too.
class Sgd {
 public:
  // Parameters in the order of the network's parameters(), which is the order of stored optimiser states.
  Sgd(std::vector<torch::Tensor> parameters, double learning_rate, double momentum);

  void step();
  // Drops all gradients.
  void zero_grad();

  double learning_rate() const { return learning_rate_; }
  void set_learning_rate(double rate) { learning_rate_ = rate; }
  double momentum() const { return momentum_; }

  const std::vector<torch::Tensor>& parameters() const { return parameters_; }
  // One a parameter, of its shape; undefined where it was never updated.
  const std::vector<torch::Tensor>& velocities() const { return velocities_; }
  // Copies the state in. Throws Error(Internal) when number or shapes differ from the parameters'.
  void restore(const std::vector<torch::Tensor>& velocities);

 private:
  std::vector<torch::Tensor> parameters_;
  std::vector<torch::Tensor> velocities_;
  double learning_rate_;
  double momentum_;
};

}  // namespace animate::train
