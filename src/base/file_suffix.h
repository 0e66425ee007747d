#pragma once

#include <filesystem>
#include <string>

namespace animate {
inline namespace base {

// What a file's name promises, for lists of files and names of results; content decides where a file is opened. The
// case of letters does not count.

// The suffix in small letters, dot included: ".jpg".
std::string lower_suffix(const std::filesystem::path& path);

// A picture that does not move, of any kind that can be read.
bool has_picture_suffix(const std::filesystem::path& path);
// A moving picture: a video, a GIF or APNG.
bool has_clip_suffix(const std::filesystem::path& path);
// A motion template, ours or LivePortrait's.
bool has_template_suffix(const std::filesystem::path& path);
// A picture of a kind that is written: PNG or JPEG.
bool has_written_picture_suffix(const std::filesystem::path& path);

// A series of numbered pictures, as in frames/%05d.png.
bool names_a_series(const std::filesystem::path& path);
// One picture to read: no folder and no series.
bool names_one_picture(const std::filesystem::path& path);
// One picture to write.
bool names_one_written_picture(const std::filesystem::path& path);

}  // namespace base
}  // namespace animate
