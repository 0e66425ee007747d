#pragma once

#include <filesystem>
#include <optional>
#include <span>
#include <string_view>

#include "catalog/model_finder.h"

namespace animate::catalog {

// A layout in which a family publishes its weights, a file a network.
struct FolderLayout {
  std::string_view family;
  std::string_view shown;  // the family as people call it
  // nullopt for a folder of another kind; throws Error(Input) for one that lacks a network.
  std::optional<FoundModel> (*find)(const std::filesystem::path& folder);
};

std::span<const FolderLayout> folder_layouts();

// The model in a folder of any of these layouts. Throws as their find() does.
std::optional<FoundModel> find_in_layouts(const std::filesystem::path& folder);

// The layout of which a folder lacks a network, or nullptr.
const FolderLayout* incomplete_layout(const std::filesystem::path& folder);

}  // namespace animate::catalog
