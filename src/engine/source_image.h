#pragma once

#include <filesystem>
#include <string>

#include "animate/image.h"

namespace animate::engine {

// The picture of a source. Throws Error(Input) for a file that is none, and as check_source_size().
Image load_source_image(const std::filesystem::path& path);

// Throws Error(Input), naming `shown`, for a picture too small for any network to see something in it.
void check_source_size(const Image& picture, const std::string& shown);

}  // namespace animate::engine
