#pragma once

#include <filesystem>
#include <string>

#include "animate/toolbox.h"

namespace animate::engine {

// Draws a sample source and a driving clip of another head (src/heads). The folder appears whole where it was absent;
// in one that exists each file does. keypoints.csv has one line a frame and keypoint, frames counted from 0, numbers
// as in heads/README.md#truth. Throws Error(Usage) for options that fit no clip, Error(Input) when nothing can be
// written.
std::string write_head_clip(const std::filesystem::path& folder, const HeadsOptions& options);

}  // namespace animate::engine
