#include "diffusion/sampler.h"

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

}  // namespace animate::diffusion
