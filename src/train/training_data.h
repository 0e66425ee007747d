#pragma once

#include <torch/types.h>

#include <cstdint>
#include <memory>

#include "train/train_config.h"
#include "train/training_model.h"

namespace animate::train {

// Where a run's pairs of frames come from. A batch is a function of seed and step alone, so that a resumed run sees
// what an uninterrupted one would have seen. Not thread-safe, but not bound to one thread either.
class TrainingData {
 public:
  virtual ~TrainingData() = default;
  virtual TrainingBatch batch(int64_t step, const torch::Device& device) = 0;
  // Steps after which an epoch is over, for the milestones.
  virtual int64_t steps_per_epoch() const = 0;
};

// Procedural heads (room heads): two poses of each of batch_size heads, with the true keypoints. Seeds below
// kHeldOutHeads are for training, those from there on for evaluation.
inline constexpr uint64_t kHeldOutHeads = 100'000;
std::unique_ptr<TrainingData> make_heads_data(const models::fomm::Config& model, const TrainConfig& config,
                                              uint64_t seed, int64_t steps_per_epoch);

}  // namespace animate::train
