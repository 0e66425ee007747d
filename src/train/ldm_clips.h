#pragma once

#include <torch/types.h>

#include <cstdint>
#include <functional>
#include <map>
#include <utility>
#include <vector>

#include "heads/head_parameters.h"
#include "train/ldm_config.h"

namespace animate::train {

// Pictures of clips, or their latents, B clips of T frames.
struct LdmBatch {
  torch::Tensor frames;  // [B, T, 3, S, S] in [0, 1], or what `encode` made of them, [B, T, c, h, w]
  torch::Tensor labels;  // [B, labels]
  torch::Tensor regime;  // [B, 1]: 1 where frames lie four times as dense as the stage's own rate
};

// Which drawn clips a stage sees: a function of seed and step. Training takes the heads below kHeldOutHeads.
class LdmClips {
 public:
  // Called with pictures [N, 3, S, S] in [0, 1], on whatever thread wants a batch.
  using Encode = std::function<torch::Tensor(const torch::Tensor& pictures)>;

  // Without `encode` batches hold pictures. What it makes is kept where the config says so.
  LdmClips(const LdmTrainConfig& config, uint64_t seed, Encode encode = {});

  LdmBatch of_step(int64_t step);
  // Clips number 0 … count - 1 that no training sees, the same in every run.
  LdmBatch held_out(int64_t count) const;
  // Clips of training by their numbers, for measures that are taken of them.
  LdmBatch by_numbers(const std::vector<int64_t>& numbers);

 private:
  struct Clip {
    torch::Tensor frames, labels, regime;  // of LdmBatch, without B
  };
  std::vector<Clip> draw(const std::vector<int64_t>& numbers, bool held_out) const;
  // What a number means: a clip whose frames are still to be drawn, and their heads.
  std::pair<Clip, std::vector<heads::Head>> plan(int64_t number, bool held_out) const;

  const LdmTrainConfig& config_;
  uint64_t seed_;
  Encode encode_;
  std::map<int64_t, Clip> kept_;
};

}  // namespace animate::train
