#include "diffusion/sampler.h"

#include <algorithm>

#include "base/error.h"

namespace animate::diffusion {
namespace {

// pndm looks back at three.
constexpr size_t kMostRemembered = 3;

}  // namespace

torch::Tensor Sampler::advance(const torch::Tensor& latents, const torch::Tensor& output, const torch::Tensor& noise) {
  const SamplerStep& now = step();
  auto estimate = output * now.from_output;
  if (now.from_x != 0) estimate.add_(latents, now.from_x);

  auto next = (now.again ? before_ : latents) * now.keep;
  next.add_(estimate, now.take[0]);
  for (size_t i = 1; i < now.take.size(); ++i) next.add_(remembered_[i - 1], now.take[i]);
  if (now.noise != 0) next.add_(noise, now.noise);

  before_ = latents;
  if (now.remembers) {
    remembered_.push_front(estimate);
    if (remembered_.size() > kMostRemembered) remembered_.pop_back();
  }
  ++at_;
  return next;
}

void Sampler::restore(const SamplerState& state) {
  const auto all = static_cast<int64_t>(plan_.steps.size());
  check(state.at >= 0 && state.at <= all, ErrorKind::Usage, "{} steps are done already, and these are {}; give as many",
        state.at, all);
  const auto kept = std::count_if(plan_.steps.begin(), plan_.steps.begin() + state.at,
                                  [](const SamplerStep& step) { return step.remembers; });
  check(state.before.defined() == (state.at > 0) &&
            state.remembered.size() == std::min(kMostRemembered, static_cast<size_t>(kept)),
        ErrorKind::Usage, "what a sampler remembers after {} steps is not whole; begin from noise", state.at);
  at_ = static_cast<size_t>(state.at);
  before_ = state.before;
  remembered_.assign(state.remembered.begin(), state.remembered.end());
}

}  // namespace animate::diffusion
