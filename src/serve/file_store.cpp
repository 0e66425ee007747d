#include "serve/file_store.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <utility>

#include "base/log.h"
#include "serve/ids.h"
#include "serve/json_file.h"
#include "serve/problem.h"

namespace animate::serve {

namespace fs = std::filesystem;

FileStore::FileStore(fs::path data, DiskSpace& space, size_t most)
    : data_(std::move(data)), space_(space), most_(most) {
  std::error_code ec;
  fs::remove_all(data_ / "incoming", ec);
  for (const char* name : {"incoming", "files"}) make_data_folder(data_ / name);
  for (fs::directory_iterator entry(data_ / "files", ec), end; !ec && entry != end; entry.increment(ec)) {
    const auto json = read_json(entry->path() / "about.json");
    auto file = json ? file_from_json(*json) : std::nullopt;
    if (!file || file->id != entry->path().filename() || !fs::exists(content(*file))) {
      log::warn("{}: is no whole file of this server's and is passed over", show(entry->path()));
      continue;
    }
    files_[file->id] = std::move(*file);
  }
}

fs::path FileStore::make_incoming(const std::string& id) {
  const fs::path folder = data_ / "incoming" / id;
  std::error_code ec;
  fs::create_directory(folder, ec);
  if (ec) throw cannot_store(ec);
  return folder;
}

void FileStore::drop_incoming(const std::string& id) {
  std::error_code ec;
  fs::remove_all(data_ / "incoming" / id, ec);
}

void FileStore::check_room(const std::string& owner) const {
  const std::scoped_lock lock(mutex_);
  const auto count =
      std::count_if(files_.begin(), files_.end(), [&](const auto& f) { return f.second.owner == owner; });
  if (static_cast<size_t>(count) >= most_) {
    throw Refusal(429, fmt::format("{} files are stored already; delete some first", count));
  }
}

void FileStore::add(const StoredFile& file) {
  const fs::path from = data_ / "incoming" / file.id;
  write_json(from / "about.json", to_json(file));
  // The pictures beside the content, too.
  const uint64_t beside = bytes_below(from) - file.bytes;
  space_.take(beside);
  std::error_code ec;
  fs::rename(from, folder_of(file.id), ec);
  if (ec) {
    space_.give_back(beside);
    throw cannot_store(ec);
  }
  const std::scoped_lock lock(mutex_);
  files_[file.id] = file;
}

std::optional<StoredFile> FileStore::find(const std::string& id, const std::string& owner) const {
  const std::scoped_lock lock(mutex_);
  const auto found = files_.find(id);
  if (found == files_.end() || found->second.owner != owner) return std::nullopt;
  return found->second;
}

StoredFile FileStore::get(const std::string& id, const std::string& owner) const {
  auto file = find(id, owner);
  if (!file) throw Refusal(404, "no such file is here; upload it again");
  return std::move(*file);
}

std::vector<StoredFile> FileStore::list(const std::string& owner) const {
  std::vector<StoredFile> files;
  {
    const std::scoped_lock lock(mutex_);
    for (const auto& [id, file] : files_) {
      if (file.owner == owner) files.push_back(file);
    }
  }
  std::sort(files.begin(), files.end(), [](const StoredFile& a, const StoredFile& b) {
    return std::pair(a.created, a.id) > std::pair(b.created, b.id);
  });
  return files;
}

std::vector<StoredFile> FileStore::older_than(int64_t time) const {
  const std::scoped_lock lock(mutex_);
  std::vector<StoredFile> files;
  for (const auto& [id, file] : files_) {
    if (file.created < time) files.push_back(file);
  }
  return files;
}

void FileStore::remove(const std::string& id, const std::string& owner) {
  get(id, owner);
  {
    const std::scoped_lock lock(mutex_);
    files_.erase(id);
  }
  // First out of sight, then piece by piece: a kill in between leaves nothing that looks whole.
  const fs::path gone = data_ / "incoming" / (id + "-gone");
  std::error_code ec;
  fs::rename(folder_of(id), gone, ec);
  const fs::path& folder = ec ? folder_of(id) : gone;
  const uint64_t bytes = bytes_below(folder);
  fs::remove_all(folder, ec);
  space_.give_back(bytes);
}

fs::path FileStore::content(const StoredFile& file) const {
  return folder_of(file.id) / ("content" + file.facts.suffix);
}
fs::path FileStore::picture(const StoredFile& file) const { return folder_of(file.id) / "picture.jpg"; }
fs::path FileStore::thumbnail(const StoredFile& file) const { return folder_of(file.id) / "thumbnail.jpg"; }

}  // namespace animate::serve
