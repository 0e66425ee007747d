#pragma once

#include <filesystem>
#include <string>

namespace animate::engine {

// What a picture, video, folder or pattern holds, as one JSON object. Throws Error(Input).
std::string describe_media(const std::filesystem::path& path);

}  // namespace animate::engine
