#pragma once

#include <cstddef>
#include <filesystem>
#include <vector>

namespace animate::media {

// The whole of a picture file. Throws Error(Input) above a gigabyte, and when it cannot be read to its end.
std::vector<std::byte> read_file(const std::filesystem::path& path);

}  // namespace animate::media
