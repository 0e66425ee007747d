#pragma once

#include <spdlog/fmt/fmt.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace animate {
inline namespace base {
namespace log {

// Log lines go to stderr through spdlog's default logger; stdout is kept for results.
enum class Level { Debug, Info, Warning, Error, Off };

void set_level(Level level);
Level level();
void write(Level level, std::string_view message);

// While it lives, the warnings of this thread are also appended to `into`. One at a time on a thread.
class CollectWarnings {
 public:
  explicit CollectWarnings(std::vector<std::string>& into);
  ~CollectWarnings();
  CollectWarnings(const CollectWarnings&) = delete;
  CollectWarnings& operator=(const CollectWarnings&) = delete;
};

// While a progress bar stands on the last line of a terminal, every log line first clears it.
void set_over_progress_bar(bool active);

template <typename... Args>
void debug(fmt::format_string<Args...> format, Args&&... args) {
  if (level() <= Level::Debug) write(Level::Debug, fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
void info(fmt::format_string<Args...> format, Args&&... args) {
  if (level() <= Level::Info) write(Level::Info, fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
void warn(fmt::format_string<Args...> format, Args&&... args) {
  write(Level::Warning, fmt::format(format, std::forward<Args>(args)...));
}
template <typename... Args>
void error(fmt::format_string<Args...> format, Args&&... args) {
  write(Level::Error, fmt::format(format, std::forward<Args>(args)...));
}

}  // namespace log
}  // namespace base
}  // namespace animate
