#pragma once

#include <torch/types.h>

#include "heads/canvas.h"
#include "heads/head_solids.h"

namespace animate::heads {

// What is in front at every pixel of a batch of drawn heads; all [B, S, S].
struct Fronts {
  torch::Tensor solid;  // bytes, values of Solid
  torch::Tensor depth;  // towards the viewer, in picture sides, of the solid that covers more than half of the pixel
  torch::Tensor slope;  // how much the depth changes over a picture side there, at most kSteepest
};
inline constexpr double kSteepest = 8;

// Draws no colours, so it takes a fraction of a picture's time.
Fronts fronts_of(const Columns& columns, int64_t size, const torch::Device& device);

}  // namespace animate::heads
