#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "diffusion/sampler_plan.h"

namespace animate::diffusion {

// From one noise level to the next, and what the network is told.
struct Move {
  double from = 0;
  double to = 0;
  double time = 0;
};

// In which scale the latents are kept. Every sampler is written down for the first; the second differs by the factor
// 1 / sqrt(sigma² + 1) (diffusion/README.md#two-scales).
enum class Scale {
  NoiseAdded,         // signal + sigma * noise
  VariancePreserving  // alpha * signal + sqrt(1 - alpha²) * noise
};

// The steps of `kind` along moves. For pndm the second move repeats the first one.
std::vector<SamplerStep> steps_along(SamplerKind kind, const std::vector<Move>& moves, Prediction prediction,
                                     Scale scale);

}  // namespace animate::diffusion
