#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <vector>

#include "media/image_io.h"

namespace animate::media {

// Pictures that FFmpeg does not read, or not in every version, read by the libraries made for them.

struct ReadStill {
  Image image;                     // upright, laid over the background
  std::vector<std::byte> profile;  // ICC; may be empty
};

// HEIC and AVIF by libheif, the picture that the file calls its main one, turned and cropped as the file asks.
// Throws Error(Input): for damage, for a size beyond the limits, and where this libheif has no decoder for it.
ReadStill read_heif(const std::filesystem::path& path, std::span<const std::byte> file, const ImageOptions& options);

struct StillSize {
  int width = 0;
  int height = 0;
};
// Of a HEIC or AVIF, as it is shown. Throws Error(Input).
StillSize heif_size(const std::filesystem::path& path, std::span<const std::byte> file);

}  // namespace animate::media
