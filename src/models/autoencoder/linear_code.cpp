#include "models/autoencoder/linear_code.h"

#include <ATen/CPUGeneratorImpl.h>

#include <algorithm>

namespace animate::models::autoencoder {
namespace {

constexpr int64_t kRowsAtOnce = 1024;
constexpr int64_t kSpare = 32;  // directions beyond those wanted, which the iteration throws away again
constexpr int kIterations = 6;  // the error of the kept directions has vanished beside the error of the code by then

torch::Tensor rows_of(const torch::Tensor& pictures) { return pictures.flatten(1); }

}  // namespace

LinearCode LinearCode::fit(const torch::Tensor& pictures, int64_t numbers) {
  const torch::NoGradGuard no_grad;
  const auto rows = rows_of(pictures);
  LinearCode code;
  code.mean = rows.mean(0);
  const auto away = rows - code.mean;
  const int64_t count = rows.size(0);
  const int64_t width = std::min({numbers + kSpare, count - 1, rows.size(1)});
  auto random = at::detail::createCPUGenerator(1);
  auto basis = torch::randn({rows.size(1), width}, random, torch::kFloat).to(rows.device());
  for (int i = 0; i < kIterations; ++i) {
    basis = std::get<0>(torch::linalg_qr(basis, "reduced"));
    basis = away.t().matmul(away.matmul(basis));
  }
  basis = std::get<0>(torch::linalg_qr(basis, "reduced"));
  // Inside the subspace the components are exact.
  const auto inside = away.matmul(basis).to(torch::kCPU, torch::kDouble);
  const auto [variances, turns] = torch::linalg_eigh(inside.t().matmul(inside) / static_cast<double>(count - 1));
  const int64_t kept = std::min(numbers, width);
  const auto turn = turns.flip(1).narrow(1, 0, kept).to(rows.device(), torch::kFloat);
  code.directions = basis.matmul(turn).t().contiguous();
  code.variances = variances.flip(0).narrow(0, 0, kept).clamp_min(0).to(rows.device(), torch::kFloat);
  return code;
}

double LinearCode::error(const torch::Tensor& pictures, int64_t used) const {
  const torch::NoGradGuard no_grad;
  const auto kept = directions.narrow(0, 0, std::min(used, numbers()));
  double sum = 0;
  for (const auto& chunk : rows_of(pictures).split(kRowsAtOnce)) {
    const auto away = chunk.to(mean.device()) - mean;
    const auto left = used == 0 ? away : away - away.matmul(kept.t()).matmul(kept);
    sum += left.square().sum(torch::kDouble).item<double>();
  }
  return sum / static_cast<double>(pictures.numel());
}

torch::Tensor LinearCode::sample(const torch::Tensor& normals, int64_t side) const {
  const torch::NoGradGuard no_grad;
  const auto codes = normals.to(mean.device(), torch::kFloat) * variances.sqrt();
  return (codes.matmul(directions) + mean).view({normals.size(0), 3, side, side});
}

}  // namespace animate::models::autoencoder
