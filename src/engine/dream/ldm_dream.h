#pragma once

#include <filesystem>
#include <stop_token>

#include "animate/dream.h"

namespace animate::engine {

// `animate dream` with a video LDM of our own in place of Stable Video Diffusion: a chain of runs from the photo, by
// labels. What the weights are decides (models/video_ldm/ldm_weights.h, is_ldm_file).

// Throws Error(Usage) for options that a video LDM has no use for, and as opening the file does.
DreamPlan plan_ldm_dream(const DreamJob& job, const std::filesystem::path& model);
// Throws as Dreamer::make() does.
DreamResult make_ldm_dream(const DreamJob& job, const std::filesystem::path& model, Progress& progress,
                           std::stop_token stop);

}  // namespace animate::engine
