#pragma once

#include <filesystem>

#include "animate/image.h"

namespace animate::dataset {

// Writes a sheet of pictures, whole or not at all, as the suffix says (.png); a build without the media room writes a
// binary PPM under the same name with .ppm. Throws Error(Input) and Error(DiskFull).
void save_sheet(const std::filesystem::path& path, const Image& image);

}  // namespace animate::dataset
