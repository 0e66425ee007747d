#include "catalog/folder_layouts.h"

#include <array>

#include "base/error.h"
#include "catalog/liveportrait_layout.h"
#include "catalog/video_layout.h"

namespace animate::catalog {
namespace {

constexpr auto kLayouts = std::to_array<FolderLayout>({
    {"liveportrait", "LivePortrait", find_liveportrait},
    {"video_diffusion", "video diffusion", find_video_folder},
});

}  // namespace

std::span<const FolderLayout> folder_layouts() { return kLayouts; }

std::optional<FoundModel> find_in_layouts(const std::filesystem::path& folder) {
  for (const FolderLayout& layout : kLayouts) {
    if (auto found = layout.find(folder)) return found;
  }
  return std::nullopt;
}

const FolderLayout* incomplete_layout(const std::filesystem::path& folder) {
  for (const FolderLayout& layout : kLayouts) {
    try {
      if (layout.find(folder)) return nullptr;
    } catch (const Error&) {
      return &layout;
    }
  }
  return nullptr;
}

}  // namespace animate::catalog
