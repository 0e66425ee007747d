#pragma once

#include <torch/types.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "train/ldm_config.h"

namespace animate::train {

// Pictures of clips and what is known of them.
struct LdmPictures {
  torch::Tensor pictures;  // [N * T, 3, S, S] in [0, 1], a clip's frames one after the other
  torch::Tensor labels;    // [N, labels]
  torch::Tensor told;      // [N]: 1 where the labels are known, 0 where nobody can tell
  torch::Tensor regime;    // [N, 1]: 1 where frames lie four times as dense as the stage's own rate
};

// Where the clips of a stage come from: a clip is a function of its number. Immutable and thread-safe.
class LdmSource {
 public:
  virtual ~LdmSource() = default;
  // Throws Error(Input) for what cannot be read.
  virtual LdmPictures take(const std::vector<int64_t>& numbers, bool held_out) const = 0;
};

// Drawn heads without end: training takes those below kHeldOutHeads. `config` has to outlive it.
std::unique_ptr<LdmSource> drawn_ldm_source(const LdmTrainConfig& config, uint64_t seed);

// A folder's clips, in its train and test or divided (dataset/clip_files.h): pieces of them, resized and cut to
// squares. Nothing is known of what they do. Frames of the stages temporal and prediction are every fourth one, so that
// those of the interpolation lie between; its regime is 0. Throws Error(Input) for a folder without clips, and where
// the clips are shorter than a piece.
std::unique_ptr<LdmSource> folder_ldm_source(const LdmTrainConfig& config, const std::filesystem::path& folder,
                                             uint64_t seed);

}  // namespace animate::train
