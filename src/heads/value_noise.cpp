#include "heads/value_noise.h"

#include <ATen/ops/grid_sampler_2d.h>

namespace animate::heads {

torch::Tensor white_noise(const torch::Tensor& seeds, int64_t stream, int64_t height, int64_t width) {
  constexpr int64_t k32 = 0xffffffff;
  auto seed = seeds.to(torch::kInt64) + stream * 16777259;
  // Values stay below 2^32 and factors below 2^31, so that nothing overflows and a shift to the right is logical.
  const auto stir = [](torch::Tensor bits, int64_t factor, int64_t shift) {
    bits = (bits * factor).bitwise_and_(k32);
    return bits.bitwise_xor_(bits.bitwise_right_shift(shift));
  };
  seed = stir(stir(seed.bitwise_and(k32), 0x2c1b3c6d, 15), 0x297a2d39, 13);
  const auto place = torch::arange(height * width, seed.options()).view({1, height, width});
  auto bits = (place * 0x1b873593).bitwise_and_(k32).bitwise_xor(seed);
  bits = stir(stir(bits, 0x2c1b3c6d, 15), 0x297a2d39, 14);
  return bits.bitwise_right_shift(8).to(torch::kFloat32).mul_(0x1p-23).sub_(1);
}

torch::Tensor value_noise(const torch::Tensor& seeds, int64_t stream, const torch::Tensor& x, const torch::Tensor& y) {
  const auto lattice = white_noise(seeds, stream, kNoiseCells, kNoiseCells).unsqueeze(1);
  constexpr double to_grid = 2.0 / kNoiseCells;
  const auto grid = torch::stack({x, y}, -1).mul_(to_grid).expand({seeds.size(0), -1, -1, -1});
  constexpr int64_t bilinear = 0, reflection = 2;
  return at::grid_sampler_2d(lattice, grid, bilinear, reflection, /*align_corners=*/false).squeeze(1);
}

}  // namespace animate::heads
