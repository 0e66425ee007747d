#pragma once

#include <filesystem>
#include <memory>

#include "train/training_data.h"

namespace animate::train {

// Pairs of frames from a folder of clips (models/fomm/README.md#data-sets). An epoch is the training clips num_repeats
// times in random order without the last incomplete batch; an item is a clip, two of its frames with replacement, the
// earlier one the source, both augmented alike (models/fomm/README.md#augmentation). With id_sampling an item is an
// identity (file name up to the first '#') and then one of its clips.
// Deviations: every draw is a function of seed and step, which workers of the original have not; an identity's clips
// are those of exactly its name, in any form, not every .mp4 whose name begins with it.
//
// A clip or frame that cannot be read is named once in the log, and another item is drawn in its place; the number is
// in TrainingBatch::skipped. Throws Error(Input) for a folder without usable clips (none at all, none that can be read,
// none with two frames) and Error(Usage) for one too small for a batch; batch() throws dataset::WrongFrameSize for
// frames that are not of frame_shape, and Error(Input) when 32 items in a row cannot be read.
std::unique_ptr<TrainingData> make_clip_data(const std::filesystem::path& root, const models::fomm::Config& model,
                                             const TrainConfig& config, uint64_t seed);

}  // namespace animate::train
