#pragma once

#include <filesystem>

#include "core/visualizer.h"
#include "train/training_model.h"

namespace animate::train {

// One look at a run: source | transformed | driving | deformed | result | occlusion map, with keypoints drawn, one row
// a sample (at most four). PNG; PPM under the same name with .ppm in a build without the media room.
void write_picture_sheet(const std::filesystem::path& path, const TrainingBatch& batch, const GeneratorPass& pass);

// The same of whatever columns are given, of at most four samples; tensors on any device.
void write_sheet(const std::filesystem::path& path, core::VisualizerInput columns);

}  // namespace animate::train
