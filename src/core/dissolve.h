#pragma once

#include <torch/types.h>

#include <span>

#include "motion/morph_steps.h"

namespace animate::core {

// One picture goes over into the other, colours by `coarse` and details by `fine`, which go over later and faster: two
// sets of contours are hardly ever seen at once (engine/README.md#morph). Where details of both still cancel each
// other, what is left is made as strong as they were. Pictures [B, 3, H, W] in [0, 1], float; one weight each. At
// weights of 0 the first picture, of 1 the second, but for rounding.
torch::Tensor dissolve(const torch::Tensor& from, const torch::Tensor& to,
                       std::span<const motion::DissolveWeights> weights);

// from * (1 - share) + to * share, one share a picture; `to` may be one picture for all.
torch::Tensor mixed(const torch::Tensor& from, const torch::Tensor& to, std::span<const double> shares);

}  // namespace animate::core
