#pragma once

#include <torch/types.h>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <vector>

#include "train/ldm_source.h"

namespace animate::train {

// B clips of T frames, as pictures or as what `encode` made of them; the rest as LdmPictures.
struct LdmBatch {
  torch::Tensor frames;  // [B, T, 3, S, S] in [0, 1], or [B, T, c, h, w]
  torch::Tensor labels;  // [B, labels]
  torch::Tensor told;    // [B]
  torch::Tensor regime;  // [B, 1]
};

// Which clips a step sees: a function of seed and step. Steps are for one thread; the other calls for any.
class LdmClips {
 public:
  // Called with pictures [N, 3, S, S] in [0, 1], on whatever thread wants a batch.
  using Encode = std::function<torch::Tensor(const torch::Tensor& pictures)>;

  // Without `encode` batches hold pictures. What it makes of a step's clips is kept where the config says so.
  LdmClips(const LdmTrainConfig& config, std::unique_ptr<LdmSource> source, uint64_t seed, Encode encode = {});

  LdmBatch of_step(int64_t step);
  // Clips number 0 … count - 1 that no training sees, the same in every run.
  LdmBatch held_out(int64_t count) const;
  // Clips 0 … count - 1 of training, for measures that are taken of them.
  LdmBatch first_of_training(int64_t count) const;

 private:
  LdmBatch draw(const std::vector<int64_t>& numbers, bool held_out) const;

  const LdmTrainConfig& config_;
  std::unique_ptr<LdmSource> source_;
  uint64_t seed_;
  Encode encode_;
  std::map<int64_t, LdmBatch> kept_;  // of one clip each
};

}  // namespace animate::train
