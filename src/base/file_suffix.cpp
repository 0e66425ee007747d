#include "base/file_suffix.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <span>
#include <string_view>

namespace animate {
inline namespace base {
namespace {

constexpr auto kPictures =
    std::to_array<std::string_view>({".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".bmp", ".webp", ".tif", ".tiff", ".ppm",
                                     ".pgm", ".jxl", ".heic", ".heif", ".avif", ".tga"});
constexpr auto kClips =
    std::to_array<std::string_view>({".mp4", ".mov", ".m4v", ".mkv", ".webm", ".avi", ".mpg", ".mpeg", ".ts", ".mts",
                                     ".m2ts", ".wmv", ".flv", ".ogv", ".3gp", ".gif", ".apng"});
constexpr auto kTemplates = std::to_array<std::string_view>({".motion", ".pkl"});
constexpr auto kWrittenPictures = std::to_array<std::string_view>({".png", ".jpg", ".jpeg"});

bool has_one_of(const std::filesystem::path& path, std::span<const std::string_view> suffixes) {
  return std::find(suffixes.begin(), suffixes.end(), lower_suffix(path)) != suffixes.end();
}

}  // namespace

std::string lower_suffix(const std::filesystem::path& path) {
  std::string suffix = path.extension().string();
  for (char& c : suffix) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return suffix;
}

bool has_picture_suffix(const std::filesystem::path& path) { return has_one_of(path, kPictures); }
bool has_clip_suffix(const std::filesystem::path& path) { return has_one_of(path, kClips); }
bool has_template_suffix(const std::filesystem::path& path) { return has_one_of(path, kTemplates); }
bool has_written_picture_suffix(const std::filesystem::path& path) { return has_one_of(path, kWrittenPictures); }

bool names_a_series(const std::filesystem::path& path) {
  return path.filename().string().find('%') != std::string::npos;
}

bool names_one_picture(const std::filesystem::path& path) {
  std::error_code ec;
  return has_picture_suffix(path) && !names_a_series(path) && !std::filesystem::is_directory(path, ec);
}

bool names_one_written_picture(const std::filesystem::path& path) {
  return has_written_picture_suffix(path) && !names_a_series(path);
}

}  // namespace base
}  // namespace animate
