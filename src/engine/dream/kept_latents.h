#pragma once

#include <filesystem>

#include "animate/dream.h"
#include "models/video_diffusion/video_generator.h"

namespace animate::engine {

// A dream between two of its steps as a file: latents, what the sampler remembers, and which options they are of.
// `run` counts the runs of a chain from 0.
void save_latents(const std::filesystem::path& file, const models::video_diffusion::LatentsSoFar& latents,
                  const DreamOptions& options, const DreamPlan& plan, int64_t run);

// The same back. Throws Error(Input) for another file, Error(Usage) for latents of other options, which are named, and
// for those of a later run of a chain, whose picture is gone.
models::video_diffusion::LatentsSoFar read_latents(const std::filesystem::path& file, const DreamOptions& options,
                                                   const DreamPlan& plan);

}  // namespace animate::engine
