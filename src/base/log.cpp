#include "base/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <mutex>

namespace animate {
inline namespace base {
namespace log {
namespace {

constexpr const char* kName = "animate";

thread_local std::vector<std::string>* collected = nullptr;

spdlog::level::level_enum to_spdlog(Level level) {
  switch (level) {
    case Level::Debug: return spdlog::level::debug;
    case Level::Info: return spdlog::level::info;
    case Level::Warning: return spdlog::level::warn;
    case Level::Error: return spdlog::level::err;
    case Level::Off: break;
  }
  return spdlog::level::off;
}

// spdlog's registry lives in its shared library, so the program and libanimate, each with a copy of this
// file, find the same logger under its name.
spdlog::logger& logger() {
  static const std::shared_ptr<spdlog::logger> instance = [] {
    static std::mutex mutex;
    const std::scoped_lock lock(mutex);
    auto found = spdlog::get(kName);
    if (!found) {
      found = spdlog::stderr_logger_mt(kName);
      found->set_pattern("animate: %v");
      found->set_level(spdlog::level::info);
    }
    return found;
  }();
  return *instance;
}

}  // namespace

void set_level(Level level) { logger().set_level(to_spdlog(level)); }

Level level() {
  switch (logger().level()) {
    case spdlog::level::trace:
    case spdlog::level::debug: return Level::Debug;
    case spdlog::level::info: return Level::Info;
    case spdlog::level::warn: return Level::Warning;
    case spdlog::level::err: return Level::Error;
    default: return Level::Off;
  }
}

CollectWarnings::CollectWarnings(std::vector<std::string>& into) { collected = &into; }
CollectWarnings::~CollectWarnings() { collected = nullptr; }

void write(Level level, std::string_view message) {
  if (level == Level::Warning && collected != nullptr) collected->emplace_back(message);
  // Warnings and errors say what they are; information needs no label.
  if (level == Level::Warning) {
    logger().log(to_spdlog(level), "warning: {}", message);
  } else {
    logger().log(to_spdlog(level), "{}", message);
  }
}

void set_over_progress_bar(bool active) { logger().set_pattern(active ? "\r\x1b[Kanimate: %v" : "animate: %v"); }

}  // namespace log
}  // namespace base
}  // namespace animate
