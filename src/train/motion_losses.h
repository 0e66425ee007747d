#pragma once

#include <string>
#include <vector>

#include "heads/warp_truth.h"
#include "models/fomm/dense_motion_network.h"
#include "train/train_config.h"
#include "train/training_task.h"

namespace animate::train {

// Mean distance between found and true places in the source, [B, h, w, 2], where the truth is visible [B, h, w]; with
// Charbonnier's rounded foot, sqrt(d^2 + 1e-6), so that what is right already does not pull.
torch::Tensor flow_loss(const torch::Tensor& found, const heads::WarpTruth& truth);
// Cross-entropy of the occlusion map [B, 1, h, w] against what is visible.
torch::Tensor occlusion_loss(const torch::Tensor& map, const heads::WarpTruth& truth);

// Adds `flow` and `occlusion` where they have weights.
void add_motion_losses(Losses& losses, const LossWeights& weights, const models::fomm::DenseMotion& found,
                       const heads::WarpTruth& truth);

// Figures of many motion fields: the end-point error as a share of the picture's side, where the place is visible, and
// how the occlusion map's halves cover the true ones (intersection over union).
class MotionFigures {
 public:
  void add(const models::fomm::DenseMotion& found, const heads::WarpTruth& truth);
  // Names with `prefix` in front.
  std::vector<Figure> list(const std::string& prefix) const;

 private:
  double error_ = 0, pixels_ = 0;
  double seen_both_ = 0, seen_either_ = 0, hidden_both_ = 0, hidden_either_ = 0;
};

}  // namespace animate::train
