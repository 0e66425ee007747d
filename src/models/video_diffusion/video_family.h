#pragma once

#include "models/registry.h"

namespace animate::models::video_diffusion {

// Stable Video Diffusion as a model family: what `animate models`, `inspect` and `convert` ask of it. Its jobs are
// those of `animate dream`; no driver moves it.

// The folder with a file a network, the single file, or what `animate convert` made of either.
bool matches(const ModelFiles& files);

// A folder's networks in one file, with their configs in the metadata; a single file without what no part needs.
// Throws as VideoWeights::open() does.
PackedModel pack(const ModelFiles& files);

}  // namespace animate::models::video_diffusion
