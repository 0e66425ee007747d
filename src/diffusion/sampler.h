#pragma once

#include <torch/types.h>

#include <cstdint>
#include <deque>
#include <vector>

#include "diffusion/sampler_plan.h"

namespace animate::diffusion {

// How far a walk is, and what its next steps need beside the latents: enough to go on in another process.
struct SamplerState {
  int64_t at = 0;                         // steps that are done
  torch::Tensor before;                   // undefined where none is done
  std::vector<torch::Tensor> remembered;  // newest first
};

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

  SamplerState state() const { return {static_cast<int64_t>(at_), before_, {remembered_.begin(), remembered_.end()}}; }
  // Goes on from the state of a sampler with the same plan. Throws Error(Usage) for one that is further than it goes,
  // or that lacks what its steps left.
  void restore(const SamplerState& state);

 private:
  SamplerPlan plan_;
  size_t at_ = 0;
  torch::Tensor before_;                  // the latents before the last step
  std::deque<torch::Tensor> remembered_;  // newest first
};

}  // namespace animate::diffusion
