#include "cli/progress_display.h"

#include <spdlog/fmt/fmt.h>
#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "base/counted.h"
#include "base/log.h"
#include "base/stopwatch.h"
#include "cli/byte_text.h"

namespace animate::cli {
namespace {

std::string clock_text(double seconds) {
  const auto s = static_cast<int64_t>(std::llround(seconds));
  return s < 3600 ? fmt::format("{}:{:02d}", s / 60, s % 60)
                  : fmt::format("{}:{:02d}:{:02d}", s / 3600, s / 60 % 60, s % 60);
}

// What all displays know about the phase they are in.
class PhaseProgress : public Progress {
 public:
  explicit PhaseProgress(ProgressUnit unit) : unit_(unit) {}
  void start(std::string_view phase, std::optional<int64_t> total) override {
    phase_ = phase;
    total_ = total;
    first_ = -1;
    watch_.restart();
    begin();
  }
  void advance(int64_t done) override {
    if (first_ < 0) first_ = unit_ == ProgressUnit::Bytes ? done : 0;
    show(done);
  }
  void finish(int64_t done) override { end(done); }

 protected:
  virtual void begin() {}
  virtual void show(int64_t done) = 0;
  virtual void end(int64_t done) = 0;

  double rate(int64_t done) const {
    return static_cast<double>(done - std::max<int64_t>(first_, 0)) / std::max(watch_.seconds(), 1e-6);
  }
  std::optional<double> seconds_left(int64_t done) const {
    if (!total_ || done <= std::max<int64_t>(first_, 0) || *total_ < done) return std::nullopt;
    return static_cast<double>(*total_ - done) / rate(done);
  }

  // "120 of 300 frames" or "1.5 MB of 112.5 MB", and how many a second.
  std::string amount(int64_t done) const {
    if (unit_ == ProgressUnit::Bytes) return byte_text(done) + (total_ ? " of " + byte_text(*total_) : "");
    return total_ ? fmt::format("{} of {}", done, counted(*total_, "frame")) : counted(done, "frame");
  }
  std::string rate_text(int64_t done) const {
    if (unit_ == ProgressUnit::Bytes) return byte_text(static_cast<int64_t>(rate(done))) + "/s";
    return fmt::format("{:.1f} a second", rate(done));
  }

  ProgressUnit unit_;
  std::string phase_;
  std::optional<int64_t> total_;
  int64_t first_ = -1;  // where a resumed download began
  Stopwatch watch_;
};

class Bar : public PhaseProgress {
 public:
  using PhaseProgress::PhaseProgress;
  ~Bar() override { clear(); }

 private:
  void begin() override { last_ = -1; }

  void show(int64_t done) override {
    const double now = watch_.seconds();
    if (last_ >= 0 && now - last_ < 0.1) return;
    last_ = now;
    log::set_over_progress_bar(true);
    active_ = true;
    std::string line = phase_ + " ";
    if (total_ && *total_ > 0) {
      constexpr int width = 24;
      const auto filled = static_cast<int>(std::min<int64_t>(width, done * width / *total_));
      line += fmt::format("[{:#<{}}{:.<{}}] ", "", filled, "", width - filled);
    }
    line += amount(done) + ", " + rate_text(done);
    if (const auto left = seconds_left(done)) line += ", " + clock_text(*left) + " left";
    std::fprintf(stderr, "\r\x1b[K%s", line.c_str());
    std::fflush(stderr);
  }

  void end(int64_t) override { clear(); }

  void clear() {
    if (!active_) return;
    std::fputs("\r\x1b[K", stderr);
    std::fflush(stderr);
    log::set_over_progress_bar(false);
    active_ = false;
  }

  double last_ = -1;
  bool active_ = false;
};

class Lines : public PhaseProgress {
 public:
  using PhaseProgress::PhaseProgress;

 private:
  void begin() override { next_ = 0; }

  void show(int64_t done) override {
    const double now = watch_.seconds();
    if (next_ == 0) next_ = 2;  // nothing for what takes less than two seconds
    if (now < next_) return;
    next_ = now + std::max(2.0, seconds_left(done).value_or(60) / 10);
    std::string line = fmt::format("{}: {}, {}", phase_, amount(done), rate_text(done));
    if (const auto left = seconds_left(done)) line += fmt::format(", {} left", clock_text(*left));
    log::info("{}", line);
  }

  void end(int64_t) override {}

  double next_ = 0;
};

class JsonLines : public PhaseProgress {
 public:
  using PhaseProgress::PhaseProgress;

 private:
  void begin() override { print("start", 0); }
  void show(int64_t done) override { print("progress", done); }
  void end(int64_t done) override { print("finish", done); }

  void print(const char* event, int64_t done) const {
    nlohmann::ordered_json line{{"event", event}, {"phase", phase_}, {"done", done}};
    if (total_) line["total"] = *total_;
    line["seconds"] = watch_.seconds();
    if (const auto left = seconds_left(done)) line["seconds_left"] = *left;
    std::puts(line.dump().c_str());
    std::fflush(stdout);
  }
};

}  // namespace

std::unique_ptr<Progress> make_progress(const std::string& mode, ProgressUnit unit) {
  if (mode == "json") return std::make_unique<JsonLines>(unit);
  if (mode == "none" || log::level() > log::Level::Info) return std::make_unique<NoProgress>();
  if (mode == "bar" || (mode == "auto" && ::isatty(STDERR_FILENO) == 1)) return std::make_unique<Bar>(unit);
  return std::make_unique<Lines>(unit);
}

}  // namespace animate::cli
