#pragma once

#include <filesystem>

namespace animate::cli {

// Whether a file is one picture, told by its name alone, for the name of a result: no folder, no frames/%05d.png, and
// no GIF, which may move.
bool names_picture(const std::filesystem::path& path);

}  // namespace animate::cli
