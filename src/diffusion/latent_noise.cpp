#include "diffusion/latent_noise.h"

#include <ATen/CPUGeneratorImpl.h>

namespace animate::diffusion {

LatentNoise::LatentNoise(uint64_t seed) : generator_(at::detail::createCPUGenerator(seed)) {}

torch::Tensor LatentNoise::draw(at::IntArrayRef shape) { return torch::randn(shape, generator_, torch::kFloat); }

}  // namespace animate::diffusion
