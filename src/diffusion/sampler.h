#pragma once

#include <torch/types.h>

#include <cstdint>
#include <deque>

#include "diffusion/sampler_plan.h"

namespace animate::diffusion {

// Walks along a plan (diffusion/README.md#steps) and remembers what its later steps need: at most three estimates of
// the latents' size. Latents are tensors of any shape and device. Not thread-safe.
class Sampler {
 public:
  explicit Sampler(SamplerPlan plan) : plan_(std::move(plan)) {}

  bool done() const { return at_ == plan_.steps.size(); }
  size_t calls() const { return plan_.steps.size(); }
  size_t at() const { return at_; }
  // What the next call of the network is told; not when done().
  const SamplerStep& step() const { return plan_.steps[at_]; }

  // Normal noise as the first latents.
  torch::Tensor start(const torch::Tensor& noise) const { return noise * plan_.start_scale; }
  // What the network sees of the latents.
  torch::Tensor network_input(const torch::Tensor& latents) const { return latents * step().input_scale; }
  // The next latents, from what the network made of these; `noise` where step().draws, else undefined.
  torch::Tensor advance(const torch::Tensor& latents, const torch::Tensor& output, const torch::Tensor& noise = {});

 private:
  SamplerPlan plan_;
  size_t at_ = 0;
  torch::Tensor before_;                  // the latents before the last step
  std::deque<torch::Tensor> remembered_;  // newest first
};

}  // namespace animate::diffusion
