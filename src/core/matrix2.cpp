#include "core/matrix2.h"

namespace animate::core {

torch::Tensor inverse_2x2(const torch::Tensor& matrices) {
  const auto flat = matrices.flatten(-2);  // [..., 4] = a b c d
  const auto a = flat.select(-1, 0);
  const auto b = flat.select(-1, 1);
  const auto c = flat.select(-1, 2);
  const auto d = flat.select(-1, 3);
  const auto determinant = a * d - b * c;
  return torch::stack({d, -b, -c, a}, -1).div(determinant.unsqueeze(-1)).view(matrices.sizes());
}

}  // namespace animate::core
