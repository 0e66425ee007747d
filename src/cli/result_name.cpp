#include "cli/result_name.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <string_view>

namespace animate::cli {

bool names_picture(const std::filesystem::path& path) {
  constexpr auto suffixes =
      std::to_array<std::string_view>({".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tiff", ".tif"});
  std::error_code ec;
  if (std::filesystem::is_directory(path, ec) || path.string().find('%') != std::string::npos) return false;
  std::string suffix = path.extension().string();
  std::transform(suffix.begin(), suffix.end(), suffix.begin(), [](unsigned char c) { return std::tolower(c); });
  return std::find(suffixes.begin(), suffixes.end(), suffix) != suffixes.end();
}

}  // namespace animate::cli
