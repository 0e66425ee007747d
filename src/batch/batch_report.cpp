#include "batch/batch_report.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <ctime>
#include <fstream>
#include <vector>

#include "base/error.h"
#include "base/log.h"
#include "base/write_errors.h"
#include "batch/job_plan.h"

namespace animate::batch {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr auto kReplace = json::error_handler_t::replace;

// UTC with microseconds, which sorts as text: two lines of one millisecond are told apart too.
std::string time_now() {
  const auto now = std::chrono::system_clock::now();
  const std::time_t seconds = std::chrono::system_clock::to_time_t(now);
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  const auto us = std::chrono::duration_cast<std::chrono::microseconds>(now.time_since_epoch()).count() % 1'000'000;
  return fmt::format("{:04d}-{:02d}-{:02d}T{:02d}:{:02d}:{:02d}.{:06d}Z", parts.tm_year + 1900, parts.tm_mon + 1,
                     parts.tm_mday, parts.tm_hour, parts.tm_min, parts.tm_sec, us);
}

bool is_report(const fs::path& path) {
  const std::string name = path.filename().string();
  return name == "report.jsonl" || (name.starts_with("report-") && name.ends_with(".jsonl"));
}

std::vector<fs::path> reports_in(const fs::path& folder) {
  std::vector<fs::path> found;
  std::error_code ec;
  for (fs::directory_iterator entry(folder, ec), end; !ec && entry != end; entry.increment(ec)) {
    if (is_report(entry->path())) found.push_back(entry->path());
  }
  return found;
}

}  // namespace

std::string utf8(const std::string& text) {
  return json::parse(json(text).dump(-1, ' ', false, kReplace)).get<std::string>();
}

BatchReport::BatchReport(const fs::path& folder, const Shard& shard)
    : folder_(folder.empty() ? fs::path(".") : folder), path_(folder / shard.report_name()), shard_(shard) {
  std::error_code ec;
  made_folder_ = fs::create_directories(folder_, ec);
  check(fs::is_directory(folder_), ErrorKind::Input, "{}: the folder cannot be made ({}); choose another output",
        show(folder_), ec ? ec.message() : "a file is in the way");
  file_ = ::open(path_.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0666);
  if (file_ < 0) fail_to_write(path_, errno);
  try {
    // File systems without locks exist; there the user sees to it.
    check(::flock(file_, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK, ErrorKind::Input,
          "{}: another run is at work on these jobs; wait for its end or choose another output folder", show(path_));
    refuse_other_divisions(shard);
    mend();
  } catch (...) {
    ::close(file_);
    throw;
  }
}

BatchReport::~BatchReport() {
  struct stat facts {};
  const bool known = ::fstat(file_, &facts) == 0;
  // Gives back what reserve() kept; what has come to nothing leaves nothing.
  if (known && ::ftruncate(file_, facts.st_size) != 0) log::debug("report: not trimmed");
  std::error_code ec;
  if (known && facts.st_size == 0) fs::remove(path_, ec);
  if (known && facts.st_size == 0 && made_folder_) fs::remove(folder_, ec);
  ::close(file_);
}

void BatchReport::refuse_other_divisions(const Shard& shard) const {
  for (const fs::path& other : reports_in(folder_)) {
    const std::string division = shard.count == 1 ? "" : fmt::format("-of-{}.jsonl", shard.count);
    if (other.filename() == path_.filename() || (!division.empty() && other.string().ends_with(division))) continue;
    const int file = ::open(other.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) continue;
    const bool busy = ::flock(file, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    ::close(file);
    check(!busy, ErrorKind::Input,
          "{}: another run with another --shard is at work in this folder; use the same number of shards, or wait",
          show(other));
  }
}

// A line without its end: either it is whole all the same, or it tells nothing.
void BatchReport::mend() const {
  std::ifstream in(path_, std::ios::binary);
  const std::string content((std::istreambuf_iterator<char>(in)), {});
  if (content.empty() || content.back() == '\n') return;
  const size_t line = content.rfind('\n') + 1;  // 0 where there is none
  const bool whole = json::accept(content.substr(line));
  const bool mended = whole ? ::write(file_, "\n", 1) == 1 : ::ftruncate(file_, static_cast<off_t>(line)) == 0;
  if (!mended) fail_to_write(path_, errno);
  if (!whole) log::warn("{}: the last line was broken and has been removed", show(path_));
}

std::map<std::string, json> BatchReport::finished() const {
  std::map<std::string, json> newest;
  for (const fs::path& path : reports_in(folder_)) {
    std::ifstream in(path, std::ios::binary);
    for (std::string line; std::getline(in, line);) {
      json entry = json::parse(line, nullptr, /*allow_exceptions=*/false);
      if (!entry.is_object() || entry.value("status", json()) != "done" || !entry.contains("result")) continue;
      if (!entry["result"].is_string() || !entry.value("time", json()).is_string()) continue;
      json& known = newest[entry["result"].get<std::string>()];
      if (known.is_null() || known["time"] <= entry["time"]) known = std::move(entry);
    }
  }
  return newest;
}

std::string BatchReport::output_key(const fs::path& output) const {
  const fs::path folder = comparable(folder_ / "x").parent_path();
  return utf8(comparable(output).lexically_relative(folder).string());
}

void BatchReport::reserve(size_t lines) {
  constexpr size_t line_bytes = 1024;
  constexpr size_t most = size_t{1} << 22;
  struct stat facts {};
  if (::fstat(file_, &facts) != 0) return;
  const auto bytes = static_cast<off_t>(std::min(lines * line_bytes, most));
  // Without space for that there may still be space for a first result; then lines take what there is.
  if (::fallocate(file_, FALLOC_FL_KEEP_SIZE, facts.st_size, bytes) != 0) {
    log::debug("{}: no space was reserved ({})", show(path_), std::strerror(errno));
  }
}

void BatchReport::append(nlohmann::ordered_json line) {
  line["shard"] = fmt::format("{}/{}", shard_.number, shard_.count);
  line["time"] = time_now();
  const std::string text = line.dump(-1, ' ', false, kReplace) + "\n";
  struct stat before {};
  const bool known = ::fstat(file_, &before) == 0;
  const ssize_t written = ::write(file_, text.data(), text.size());
  if (written == static_cast<ssize_t>(text.size())) return;
  const int error = written < 0 ? errno : ENOSPC;
  if (written > 0 && known && ::ftruncate(file_, before.st_size) != 0) log::debug("report: a part of a line is left");
  fail_to_write(path_, error);
}

}  // namespace animate::batch
