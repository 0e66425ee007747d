#pragma once

#include <optional>
#include <string>

#include "checkpoint/checkpoint.h"
#include "models/video_diffusion/unet.h"
#include "models/video_ldm/config.h"

namespace animate::models::video_ldm {

// A stage's UNet lies below its stage's name in a file, the autoencoder below "autoencoder.". A prediction's file has
// no other; an interpolation's has both, for a clip wants both.
inline constexpr const char* kAutoencoderScope = "autoencoder";

// The last stage whose network a file holds; nothing for a file of another kind.
std::optional<Stage> stage_of(const checkpoint::Checkpoint& file);

// Whether an array of a UNet belongs to its temporal layers: those that the stages behind the image stage train, while
// the spatial ones stay as they are.
bool is_temporal(const std::string& name);

// Makes a UNet whose spatial half is filled begin as that half alone, which the paper has at alpha = 1
// (models/video_ldm/README.md#temporal-layers): temporal layers get random numbers by the seed, and the last layer of
// each branch zeros, so that every branch adds nothing at first.
void begin_as_images(video_diffusion::VideoUnetImpl& unet, uint64_t seed);
// The same for what shows the network its context, and nothing else.
void begin_without_context(video_diffusion::VideoUnetImpl& unet, uint64_t seed);

}  // namespace animate::models::video_ldm
