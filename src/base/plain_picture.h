#pragma once

#include <filesystem>

#include "animate/image.h"

namespace animate {
inline namespace base {

// Writes a picture as binary PPM, whole or not at all: what a build without the media room can write.
// Throws Error(Input) when it cannot be written.
void save_ppm(const std::filesystem::path& path, const Image& image);

}  // namespace base
}  // namespace animate
