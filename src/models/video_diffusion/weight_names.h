#pragma once

#include <span>
#include <string>
#include <string_view>

#include "core/renamed_weights.h"
#include "models/video_diffusion/config.h"

namespace animate::models::video_diffusion {

// The two spellings of the published weights (models/video_diffusion/README.md#names). Our modules bear the names of
// the folder with one file a network; the single file has those of the program that trained the weights.

// As the module has it: the folder's files.
core::StoredArray own_name(const std::string& name);

// The single file's. Names there depend on how many levels and layers a network has.
core::NameTable single_file_names(const UnetConfig& config);
core::NameTable single_file_names(const VaeConfig& config);
core::NameTable single_file_names(const ClipConfig& config);

// Whether the single file holds an array of that name that no part of image-to-video needs: another copy of the
// autoencoder's halves, and what is left of CLIP's text encoder.
bool is_unused(const std::string& single_file_name);

// What the names of the single file's arrays that are needed begin with, without the dot behind.
std::span<const std::string_view> used_prefixes();

// Position numbers that older files of CLIP hold beside the weights.
bool is_position_list(const std::string& name);

}  // namespace animate::models::video_diffusion
