#include "evaluate/frechet.h"

#include <algorithm>

namespace animate::evaluate {
namespace {

torch::Tensor symmetric_root(const torch::Tensor& matrix) {
  const auto [values, vectors] = torch::linalg_eigh(matrix);
  return (vectors * values.clamp_min(0).sqrt()).matmul(vectors.t());
}

}  // namespace

double frechet_distance(const models::PooledCovariance& first, const models::PooledCovariance& second) {
  const torch::NoGradGuard no_grad;
  const auto s1 = first.covariance();
  const auto s2 = second.covariance();
  const auto root = symmetric_root(s1);
  // The eigenvalues of S1 S2 are those of this symmetric product.
  const auto product = root.matmul(s2).matmul(root);
  const auto [values, vectors] = torch::linalg_eigh((product + product.t()) / 2);
  const double cross = values.clamp_min(0).sqrt().sum().item<double>();
  const double means = (first.mean() - second.mean()).square().sum().item<double>();
  return std::max(0.0, means + s1.trace().item<double>() + s2.trace().item<double>() - 2 * cross);
}

}  // namespace animate::evaluate
