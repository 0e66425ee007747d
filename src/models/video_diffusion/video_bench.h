#pragma once

#include "models/bench_subject.h"
#include "models/registry.h"

namespace animate::models::video_diffusion {

// Stages: one call of the UNet for a clip of options.frames, decoding two frames, and, once a picture, both encoders.
// Each is called once and loaded for that: the UNet alone takes 6 GB. Operations are counted, not observed (clip_cost).
// Without weights (BenchOptions::random_weights) the networks are the published ones, their numbers random. Throws
// Error(Usage) for what is not measured here, and for sides that are no multiples of the autoencoder's factor.
BenchSubject bench_subject(const ModelFiles& files, const BenchOptions& options);

}  // namespace animate::models::video_diffusion
