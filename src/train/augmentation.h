#pragma once

#include <random>

#include "dataset/frames.h"
#include "train/train_config.h"

namespace animate::train {

using dataset::Frames;

// Uniform in [0, 1) with 53 bits: the same on every standard library, unlike std::uniform_real_distribution.
double uniform(std::mt19937_64& random);

// Augments two frames of a clip (source, driving) with the same random parameters (models/fomm/README.md#augmentation):
// flips, rotation, resize, crop, colour jitter, each if the config has it. Thread-safe for generators of one's own.
Frames augment(Frames pair, const AugmentationConfig& config, std::mt19937_64& random);

}  // namespace animate::train
