#pragma once

#include <spdlog/fmt/fmt.h>

#include <cstdint>
#include <string>

namespace animate::cli {

// "658.9 MB": powers of ten, as downloads are counted.
inline std::string byte_text(int64_t bytes) {
  const auto value = static_cast<double>(bytes);
  if (bytes < 1000) return fmt::format("{} bytes", bytes);
  if (bytes < 1000000) return fmt::format("{:.1f} kB", value / 1e3);
  if (bytes < 1000000000) return fmt::format("{:.1f} MB", value / 1e6);
  return fmt::format("{:.1f} GB", value / 1e9);
}

}  // namespace animate::cli
