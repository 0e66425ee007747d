#include "train/motion_losses.h"

#include <algorithm>

namespace animate::train {
namespace {

double sum_of_pixels(const torch::Tensor& mask) { return mask.sum(torch::kDouble).item<double>(); }

double share(double part, double whole) { return whole > 0 ? part / whole : 0; }

}  // namespace

torch::Tensor flow_loss(const torch::Tensor& found, const heads::WarpTruth& truth) {
  const auto distance = ((found - truth.grid).square().sum(3) + 1e-6).sqrt();
  return (distance * truth.visible).sum() / truth.visible.sum().clamp_min(1);
}

torch::Tensor occlusion_loss(const torch::Tensor& map, const heads::WarpTruth& truth) {
  return torch::binary_cross_entropy(map.squeeze(1), truth.visible);
}

void add_motion_losses(Losses& losses, const LossWeights& weights, const models::fomm::DenseMotion& found,
                       const heads::WarpTruth& truth) {
  if (weights.flow != 0) losses.add("flow", weights.flow * flow_loss(found.deformation, truth));
  if (weights.occlusion != 0) {
    losses.add("occlusion", weights.occlusion * occlusion_loss(found.occlusion_map, truth));
  }
}

void MotionFigures::add(const models::fomm::DenseMotion& found, const heads::WarpTruth& truth) {
  const auto seen = truth.visible > 0.5;
  // A side is 2 long.
  const auto distance = (found.deformation - truth.grid).square().sum(3).sqrt() / 2;
  error_ += torch::where(seen, distance, torch::zeros_like(distance)).sum(torch::kDouble).item<double>();
  pixels_ += sum_of_pixels(seen);
  if (!found.occlusion_map.defined()) return;
  const auto kept = found.occlusion_map.squeeze(1) > 0.5;
  seen_both_ += sum_of_pixels(kept & seen);
  seen_either_ += sum_of_pixels(kept | seen);
  hidden_both_ += sum_of_pixels(~kept & ~seen);
  hidden_either_ += sum_of_pixels(~kept | ~seen);
}

std::vector<Figure> MotionFigures::list(const std::string& prefix) const {
  return {{prefix + "flow_error", share(error_, pixels_), 0.01},
          {prefix + "visible_iou", share(seen_both_, seen_either_), 0.85, false},
          {prefix + "hidden_iou", share(hidden_both_, hidden_either_), 0.85, false}};
}

}  // namespace animate::train
