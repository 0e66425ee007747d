#pragma once

#include <spdlog/fmt/fmt.h>

#include <filesystem>
#include <string>
#include <utility>

#include "animate/error.h"

namespace animate {
inline namespace base {

// Throws animate::Error with a formatted message.
template <typename... Args>
[[noreturn]] void fail(ErrorKind kind, fmt::format_string<Args...> format, Args&&... args) {
  throw Error(kind, fmt::format(format, std::forward<Args>(args)...));
}

// Throws unless `condition` holds.
template <typename... Args>
void check(bool condition, ErrorKind kind, fmt::format_string<Args...> format, Args&&... args) {
  if (!condition) fail(kind, format, std::forward<Args>(args)...);
}

// A path as it is shown to people: UTF-8 kept, control characters written as \xNN so that a hostile
// file name cannot move the cursor or forge a second line.
std::string show(const std::filesystem::path& path);

}  // namespace base
}  // namespace animate
