#pragma once

#include <torch/types.h>

#include <optional>
#include <span>
#include <vector>

#include "heads/head_renderer.h"
#include "models/fomm/keypoints.h"
#include "train/train_config.h"

namespace animate::train {

// One head driven by another. Motion is measured from the driver's `initial` picture; `target` is the source with the
// change from `initial` to `driving` applied. A model that transfers relative motion should paint exactly that.
struct Drive {
  heads::Head initial, driving, target;
};
// `driver` is the other head as it starts by itself, and `apart` how much of that remains: at 0 it starts in the
// source's pose and expression. Nothing where a range would have to clip the target, which the more often happens the
// further the two starts are apart.
std::optional<Drive> drive(const heads::Head& source, const heads::Head& driver, const heads::Head& driving,
                           float apart);

// Which heads a phase sees: a function of seed, step and row alone. Training takes the seeds below kHeldOutHeads.
class HeadDraws {
 public:
  HeadDraws(const TrainConfig& config, uint64_t seed);

  // `frames` pictures of each of config.batch_size heads: those of one head have its wildness in common, as
  // [frame][row].
  std::vector<std::vector<heads::Head>> draw(int64_t step, int64_t frames) const;
  // For each of these sources, with the probability config.transfer_share, another head that drives it.
  std::vector<std::optional<Drive>> draw_drives(int64_t step, std::span<const heads::Head> sources) const;

 private:
  heads::Head head(uint64_t identity, uint64_t index, float wildness) const;

  int64_t batch_;
  float low_, high_;
  bool lively_;
  float transfer_share_;
  uint64_t seed_;
};

// Frame `frame` of held-out head number `number`: what figures are measured on, the same in every run and phase.
heads::Head held_out_head(int64_t number, int64_t frame);

// An expression with eyes and mouth as they are while somebody blinks and speaks: a quarter of the time shut, a quarter
// of the time wide open. A function of the two numbers, in place of heads::sample_expression's calm ones.
heads::Expression lively_expression(uint64_t seed, uint64_t index);

// True keypoints and frames of the first `num_kp` points, with visible [B, num_kp] (1 or 0).
struct PointTruth {
  models::fomm::Keypoints keypoints;
  torch::Tensor visible;
};
// Throws Error(Model) where drawn heads have fewer points.
PointTruth point_truth(std::span<const heads::Head> drawn, int64_t num_kp, const torch::Device& device);

}  // namespace animate::train
