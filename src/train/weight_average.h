#pragma once

#include <torch/nn/module.h>

#include <cstdint>

namespace animate::train {

// Moves the average of a network's weights towards them (Polyak and Juditsky, 1992): average ← d · average + (1 - d) ·
// weights. In the first steps d is (1 + step) / (10 + step) where that is less than `kept`, so that the beginning's
// random numbers do not linger. Both modules have the same parameters in the same order.
void move_average(torch::nn::Module& average, const torch::nn::Module& weights, double kept, int64_t step);

// Limits the Euclidean norm of all these gradients together; returns it as it was. Parameters without one do not count.
double limit_gradients(const std::vector<torch::Tensor>& parameters, double most);

}  // namespace animate::train
