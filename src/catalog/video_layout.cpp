#include "catalog/video_layout.h"

#include <algorithm>
#include <string>
#include <vector>

#include "base/error.h"

namespace animate::catalog {
namespace {

namespace fs = std::filesystem;

// Full precision first; half is the same model to three digits.
constexpr auto kWeightFiles = std::to_array<std::string_view>(
    {"diffusion_pytorch_model.safetensors", "model.safetensors", "diffusion_pytorch_model.fp16.safetensors",
     "model.fp16.safetensors", "diffusion_pytorch_model.bin", "pytorch_model.bin"});

}  // namespace

fs::path video_network_file(const fs::path& folder) {
  std::error_code ec;
  const auto found = std::find_if(kWeightFiles.begin(), kWeightFiles.end(),
                                  [&](std::string_view name) { return fs::is_regular_file(folder / name, ec); });
  return found == kWeightFiles.end() ? fs::path() : folder / *found;
}

std::optional<FoundModel> find_video_folder(const fs::path& folder) {
  std::error_code ec;
  // Image models have a unet and a vae, too, but look at no picture.
  if (!fs::is_directory(folder / "unet", ec) || !fs::is_directory(folder / "image_encoder", ec)) return std::nullopt;
  FoundModel found;
  found.name = fs::weakly_canonical(folder).filename().string();
  found.family = "video_diffusion";
  std::vector<std::string_view> missing;
  for (const std::string_view network : kVideoNetworks) {
    const fs::path file = video_network_file(folder / network);
    if (file.empty()) missing.push_back(network);
    found.parts[std::string(network)] = file;
  }
  check(missing.empty(), ErrorKind::Input,
        "{}: the weights of an image-to-video model are incomplete, missing those of {}; `animate models fetch svd` "
        "tells where to get them",
        show(folder), fmt::join(missing, ", "));
  return found;
}

}  // namespace animate::catalog
