#pragma once

#include <cstdint>

namespace animate::core::nn {

// Groups of every group normalisation of the networks of latent diffusion, which all descend from one.
inline constexpr int64_t kNormGroups = 32;

}  // namespace animate::core::nn
