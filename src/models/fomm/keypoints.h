#pragma once

#include <torch/types.h>

#include <span>
#include <vector>

#include "motion/motion.h"

namespace animate::models::fomm {

// What the keypoint detector finds: positions and, in a first-order model, the local affine frame around each.
struct Keypoints {
  torch::Tensor value;     // [B, K, 2] in [-1, 1], x then y
  torch::Tensor jacobian;  // [B, K, 2, 2], row = output component; undefined in a zero-order model

  // Copies to plain floats, one motion an item of the batch; from_motions() copies them to `device`, as one batch.
  std::vector<motion::Motion> to_motions() const;
  // Throws Error(Input) when the motion is not of K keypoints, or lacks Jacobians that the model needs.
  static Keypoints from_motions(std::span<const motion::Motion> motions, int64_t num_kp, bool needs_jacobian,
                                const torch::Device& device);
};

// sqrt(hull area of source / hull area of driving), from batch item 0 only (models/fomm/README.md#relative-transfer).
// Throws Error(Input) where either set of keypoints has no area.
double movement_scale(const Keypoints& source, const Keypoints& driving_initial);

struct TransferOptions {
  bool relative = true;           // move the source by the driver's change since `initial`; false: absolute positions
  bool relative_jacobian = true;  // the same for the local frames; no effect unless `relative`
  bool adapt_movement_scale = false;
};

// Driving keypoints as they are applied to the source (models/fomm/README.md#relative-transfer).
// `driving` may be a batch; `source` and `initial` then are one item, for all of it.
Keypoints transfer_motion(const Keypoints& source, const Keypoints& driving, const Keypoints& initial,
                          const TransferOptions& options);

// How far two poses differ once position and size are taken out: sum of squared distances between keypoints that were
// centred and divided by the root of their hull area (the measure of the original's best-frame search,
// models/fomm/README.md#best-frame, on the model's own keypoints instead of face landmarks). Both [1, K, 2].
double pose_distance(const torch::Tensor& a, const torch::Tensor& b);

}  // namespace animate::models::fomm
