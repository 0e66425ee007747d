#include "fetch/fetch_model.h"

#include <algorithm>

#include "base/error.h"
#include "base/log.h"
#include "base/stopwatch.h"
#include "catalog/weights_state.h"
#include "digest/sha256.h"
#include "fetch/address.h"

namespace animate::fetch {
namespace {

namespace fs = std::filesystem;

// Displays need no more than a few figures a second.
constexpr double kSecondsBetweenFigures = 0.1;

bool is_there(const catalog::PublishedFile& file, const fs::path& path, bool replace) {
  std::error_code ec;
  check(!fs::is_directory(path, ec), ErrorKind::Input, "{}: is a folder where a file belongs; move it away",
        show(path));
  const catalog::FoundFile found = catalog::look_at(file, path);
  if (found.state == catalog::FileState::Right && digest::sha256_of(path) == file.sha256) return true;
  const bool worthless = found.state == catalog::FileState::Missing || found.state == catalog::FileState::LfsPointer ||
                         found.state == catalog::FileState::WebPage;
  check(worthless || replace, ErrorKind::Input,
        "{}: is there but is not the published file; move it away, or add --replace to overwrite it", show(path));
  return false;
}

void check_space(const fs::path& folder, int64_t bytes) {
  fs::path existing = folder;
  std::error_code ec;
  while (!existing.empty() && !fs::exists(existing, ec) && existing != existing.parent_path()) {
    existing = existing.parent_path();
  }
  const fs::space_info space = fs::space(existing.empty() ? fs::path(".") : existing, ec);
  if (ec) return;  // writing will tell
  check(space.available >= static_cast<uintmax_t>(bytes), ErrorKind::DiskFull,
        "{}: no space left for the download: {} more bytes are needed, {} are free; free some or choose another folder "
        "with --to",
        show(folder), bytes, space.available);
}

// What is on disk of an unfinished download.
int64_t part_size(const fs::path& target) {
  std::error_code ec;
  const auto size = fs::file_size(target.string() + ".part", ec);
  return ec ? 0 : static_cast<int64_t>(size);
}

// Folders that were made for a download of which nothing came go again; remove() leaves those that hold something.
void remove_empty_folders(const fs::path& target, const fs::path& folder, bool folder_was_there) {
  std::error_code ec;
  for (fs::path parent = target.parent_path(); parent.string().size() > folder.string().size();
       parent = parent.parent_path()) {
    if (!fs::remove(parent, ec)) return;
  }
  if (!folder_was_there) fs::remove(folder, ec);
}

}  // namespace

FetchReport fetch_model(const catalog::PublishedModel& model, const fs::path& folder, const FetchOptions& options,
                        Progress& progress, const std::stop_token& stop) {
  std::vector<std::string> names;
  for (const catalog::PublishedFile& file : model.files) names.push_back(file.path);
  check(
      !model.gated || !options.from.empty(), ErrorKind::Input,
      "{}: its page hands files out only to those who have logged in and accepted the licence there; go to {}, accept "
      "it, download {}{}, and keep {} below {}",
      model.name, model.page, fmt::join(names, ", "), names.size() > 1 ? " with the config.json beside each" : "",
      names.size() > 1 ? "these names" : "this name", show(folder));
  check(
      model.fetchable() || !options.from.empty(), ErrorKind::Input,
      "{}: is published without a stable address; download {} by hand (see {}), then run `animate models check` on it",
      model.name, fmt::join(names, ", "), model.page);

  DownloadOptions settings = options.download;
  settings.any_http = !options.from.empty();
  std::vector<Download> downloads;
  FetchReport report;
  int64_t missing = 0;
  for (const catalog::PublishedFile& file : model.files) {
    const fs::path target = folder / file.path;
    if (is_there(file, target, options.replace)) {
      ++report.present;
      continue;
    }
    const std::string url = options.from.empty() ? file.url : join_address(options.from, file.path);
    if (url.empty()) {
      log::warn("{}: has no stable address; fetch it by hand, see {}", file.path, model.page);
      continue;
    }
    check_address(url, settings.any_http);
    missing += std::max<int64_t>(0, file.bytes - part_size(target));
    downloads.push_back({url, target, file.bytes, file.sha256, file.exact});
  }
  check_space(folder, missing);

  std::error_code ec;
  const bool folder_was_there = fs::exists(folder, ec);
  for (const Download& job : downloads) {
    progress.start(job.target.filename().string(), job.bytes);
    Stopwatch since;
    bool first = true;
    const auto advance = [&](int64_t bytes) {
      if (!first && since.seconds() < kSecondsBetweenFigures) return;
      first = false;
      since.restart();
      progress.advance(bytes);
    };
    try {
      download(job, settings, advance, stop);
    } catch (...) {
      remove_empty_folders(job.target, folder, folder_was_there);
      throw;
    }
    progress.finish(job.bytes);
    log::info("{}: {} bytes, verified", show(job.target), job.bytes);
    ++report.fetched;
    report.bytes += job.bytes;
  }
  return report;
}

}  // namespace animate::fetch
