#pragma once

#include <torch/types.h>

#include "animate/dream.h"
#include "animate/image.h"
#include "models/video_diffusion/video_generator.h"

namespace animate::engine {

// What a job means with this model and photo: its zeros filled in, its cost (models/video_diffusion/README.md#cost).
// The device is not probed. Throws Error(Usage) for sizes that do not fit the model.
DreamPlan plan_dream(const DreamJob& job, const models::video_diffusion::Configs& configs, const Image& photo,
                     const torch::Device& device);

// How long it will take, by what the device reaches in a second's probe: fills in DreamPlan::seconds.
void probe_seconds(DreamPlan& plan, const torch::Device& device);

// Throws Error(Input), with the numbers, for a plan that needs more than the machine has left.
void require_memory(const DreamPlan& plan);

// The sampler of an option.
diffusion::SamplerKind kind_of(DreamSampler sampler);
// The guidance that an option means.
GuidanceRange guidance_of(const DreamOptions& options);

}  // namespace animate::engine
