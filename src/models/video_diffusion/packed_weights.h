#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "catalog/video_layout.h"
#include "checkpoint/checkpoint.h"
#include "models/video_diffusion/told_config.h"

namespace animate::models::video_diffusion {

// A folder's three networks in one safetensors file, as `animate convert` writes them: their arrays below "unet.",
// "vae." and "image_encoder.", their config.json texts in the metadata.

bool is_packed(const checkpoint::Checkpoint& file);

// Where in the metadata a network's config stands, and its text; "{}", which means the published one, where it lacks.
std::string config_key(std::string_view network);
std::string packed_config(const checkpoint::Checkpoint& file, std::string_view network);

// Throws Error(Model) for a config that is none.
Configs packed_configs(const checkpoint::Checkpoint& file);

// The text of the config.json in a network's folder; the same where there is none, as weights come without.
std::string config_text(const std::filesystem::path& folder);

}  // namespace animate::models::video_diffusion
