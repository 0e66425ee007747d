#pragma once

#include "models/registry.h"

namespace animate::models::video_ldm {

// Our own small video LDM as a model family: what `animate models`, `inspect` and `convert` ask of it. Its clips are
// made by `animate dream`; no driver moves it.

// A file of any stage.
bool matches(const ModelFiles& files);

// All its arrays, and its config. Throws Error(Model) for a file without a config.
PackedModel pack(const ModelFiles& files);

}  // namespace animate::models::video_ldm
