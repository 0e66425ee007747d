#pragma once

#include <torch/types.h>

#include "core/grid.h"
#include "train/train_config.h"

namespace animate::train {

// A random smooth transform T of the plane, one a sample: affine part and a radial part on a grid of control points
// (models/fomm/README.md#transforms; the name TPS is traditional only). Coordinates are (x, y) in [-1, 1]. With r_p the
// L1 distance to control point p: T(z) = A z + b + (1, 1) sum_p w_p r_p^2 ln(r_p + 1e-6). Everything is differentiable
// with respect to the points that are given. Immutable.
class TpsTransform {
 public:
  // theta [B, 2, 3] = A|b; control_params [B, 1, P^2], row by row on a P x P grid, or undefined for the affine part
  // only.
  explicit TpsTransform(torch::Tensor theta, torch::Tensor control_params = {});

  // Parameters from normal distributions around the identity. They are drawn on the CPU and then copied to `device`, so
  // that a seed gives the same transforms everywhere.
  static TpsTransform draw(int64_t batch, const TransformConfig& config, torch::Generator& random,
                           const torch::Device& device = torch::kCPU);

  // T(z) of points [B, N, 2] -> [B, N, 2]
  torch::Tensor coordinates(const torch::Tensor& points) const;
  // dT/dz at points [B, N, 2] -> [B, N, 2, 2], row = output component
  torch::Tensor jacobian(const torch::Tensor& points) const;
  // Frames [B, C, H, W] read at T(z) for every pixel z, bilinearly, reflected at the borders -> [B, C, H, W]
  torch::Tensor frame(const torch::Tensor& frames, core::AlignCorners align) const;

 private:
  torch::Tensor theta_;           // [B, 1, 2, 3]
  torch::Tensor control_points_;  // [1, 1, P^2, 2]; undefined without a radial part
  torch::Tensor control_params_;  // [B, 1, P^2]
};

}  // namespace animate::train
