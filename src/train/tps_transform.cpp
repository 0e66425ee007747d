#include "train/tps_transform.h"

#include <cmath>

#include "base/error.h"

namespace animate::train {
namespace {

constexpr double kEps = 1e-6;  // keeps the logarithm finite at a control point

}  // namespace

TpsTransform::TpsTransform(torch::Tensor theta, torch::Tensor control_params)
    : theta_(theta.unsqueeze(1)), control_params_(std::move(control_params)) {
  if (!control_params_.defined()) return;
  const int64_t count = control_params_.size(-1);
  const auto side = static_cast<int64_t>(std::lround(std::sqrt(static_cast<double>(count))));
  check(side > 1 && side * side == count, ErrorKind::Internal, "{} control points are no square grid", count);
  control_points_ = core::coordinate_grid(side, side, theta_.options()).view({1, 1, count, 2});
}

TpsTransform TpsTransform::draw(int64_t batch, const TransformConfig& config, torch::Generator& random,
                                const torch::Device& device) {
  const auto options = torch::TensorOptions().dtype(torch::kFloat32);
  const auto noise = torch::randn({batch, 2, 3}, random, options) * config.sigma_affine;
  const auto theta = torch::eye(2, 3, options) + noise;
  if (config.points_tps == 0) return TpsTransform(theta.to(device));
  const int64_t count = config.points_tps * config.points_tps;
  const auto params = torch::randn({batch, 1, count}, random, options) * config.sigma_tps;
  return TpsTransform(theta.to(device), params.to(device));
}

torch::Tensor TpsTransform::coordinates(const torch::Tensor& points) const {
  const auto linear = theta_.slice(3, 0, 2);
  const auto shift = theta_.select(3, 2);
  const auto moved = torch::matmul(linear, points.unsqueeze(-1)).squeeze(-1) + shift;
  if (!control_points_.defined()) return moved;
  const auto r = (points.unsqueeze(2) - control_points_).abs().sum(-1);  // [B, N, P^2]
  const auto radial = (control_params_ * r.square() * torch::log(r + kEps)).sum(2);
  return moved + radial.unsqueeze(-1);
}

torch::Tensor TpsTransform::jacobian(const torch::Tensor& points) const {
  const auto linear = theta_.slice(3, 0, 2);
  if (!control_points_.defined()) return linear.expand({points.size(0), points.size(1), 2, 2});
  const auto offset = points.unsqueeze(2) - control_points_;  // [B, N, P^2, 2]
  const auto r = offset.abs().sum(-1);
  const auto slope = control_params_ * (2 * r * torch::log(r + kEps) + r.square() / (r + kEps));
  const auto gradient = (slope.unsqueeze(-1) * offset.sign()).sum(2);  // [B, N, 2]
  // The same scalar is added to x and to y: both rows receive its gradient.
  return linear + gradient.unsqueeze(2);
}

torch::Tensor TpsTransform::frame(const torch::Tensor& frames, core::AlignCorners align) const {
  const int64_t height = frames.size(2);
  const int64_t width = frames.size(3);
  const auto grid = core::coordinate_grid(height, width, frames.options()).view({1, height * width, 2});
  const auto read_at = coordinates(grid.expand({frames.size(0), height * width, 2}));
  constexpr int64_t bilinear = 0;
  constexpr int64_t reflection = 2;
  return torch::grid_sampler(frames, read_at.view({-1, height, width, 2}), bilinear, reflection,
                             align == core::AlignCorners::On);
}

}  // namespace animate::train
