#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string_view>

#include "catalog/model_finder.h"

namespace animate::catalog {

// The folder that image-to-video models are published in: a folder a network, each with weights and a config.json.
inline constexpr auto kVideoNetworks = std::to_array<std::string_view>({"image_encoder", "unet", "vae"});

// The weights in a network's folder, in full precision where both are there; an empty path where there are none.
std::filesystem::path video_network_file(const std::filesystem::path& folder);

// The networks of such a folder. nullopt for a folder without unet and image_encoder; Error(Input) naming the network
// whose weights are missing.
std::optional<FoundModel> find_video_folder(const std::filesystem::path& folder);

}  // namespace animate::catalog
