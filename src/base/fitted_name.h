#pragma once

#include <filesystem>

namespace animate {
inline namespace base {

// How many bytes a file's name in this folder may have; 255 where the file system does not say.
size_t longest_name(const std::filesystem::path& folder);

// A result's path whose names are of the program's making: each that is longer than its file system allows is cut in
// the middle of its stem, "aaa~bbb.mp4", with letters whole. Names that fit stay as they are.
std::filesystem::path fitted_path(const std::filesystem::path& path);

}  // namespace base
}  // namespace animate
