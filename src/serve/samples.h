#pragma once

#include <filesystem>

namespace animate::serve {

// The head and the clip that come with the program.
inline constexpr const char* kSamplePicture = "sample_source.png";
inline constexpr const char* kSampleClip = "sample_driving.mp4";

// Where one of them lies; empty where it is not installed.
std::filesystem::path sample_file(const char* name);

}  // namespace animate::serve
