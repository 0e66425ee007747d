#pragma once

#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "animate/toolbox.h"

namespace animate::engine {

// Looks for faces in every frame of a film and tells how to cut it into clips of one head each, as FOMM's crop-video.py
// does (models/fomm/README.md#crops): an ffmpeg command a clip. Throws Error(Input) for a film or a detector that
// cannot be read, Error(Cancelled) when stopped.
std::vector<std::string> film_crops(const std::filesystem::path& film, const CropsOptions& options, Progress& progress,
                                    std::stop_token stop);

}  // namespace animate::engine
