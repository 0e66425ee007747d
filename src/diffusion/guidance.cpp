#include "diffusion/guidance.h"

namespace animate::diffusion {

torch::Tensor Guidance::of_frames(int64_t frames) const {
  return torch::linspace(first, last, frames, torch::kFloat).view({1, frames, 1, 1, 1});
}

torch::Tensor guide(const torch::Tensor& unconditional, const torch::Tensor& conditional,
                    const torch::Tensor& strengths) {
  return unconditional + strengths * (conditional - unconditional);
}

}  // namespace animate::diffusion
