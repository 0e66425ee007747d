#pragma once

#include <filesystem>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "serve/disk_space.h"
#include "serve/stored_file.h"

namespace animate::serve {

// The uploaded files: data/files/ID/{content.SUFFIX, about.json, picture.jpg, thumbnail.jpg}. What is not whole lies in
// data/incoming and is removed at the next start. Files of one owner are not there for another. Thread-safe.
class FileStore {
 public:
  // Makes the folders; reads what is there. `most`: files an owner may have.
  FileStore(std::filesystem::path data, DiskSpace& space, size_t most);

  // An empty folder for a file on its way in.
  std::filesystem::path make_incoming(const std::string& id);
  void drop_incoming(const std::string& id);

  // Throws Refusal(429) where the owner has as many files as may be.
  void check_room(const std::string& owner) const;
  // Puts the filled folder of `file` in place.
  void add(const StoredFile& file);
  // Throws Refusal(404) for what is no file of this owner's.
  StoredFile get(const std::string& id, const std::string& owner) const;
  std::optional<StoredFile> find(const std::string& id, const std::string& owner) const;
  std::vector<StoredFile> list(const std::string& owner) const;  // newest first
  void remove(const std::string& id, const std::string& owner);
  // Ids and owners of those made before `time`.
  std::vector<StoredFile> older_than(int64_t time) const;

  std::filesystem::path content(const StoredFile& file) const;
  std::filesystem::path picture(const StoredFile& file) const;
  std::filesystem::path thumbnail(const StoredFile& file) const;

 private:
  std::filesystem::path folder_of(const std::string& id) const { return data_ / "files" / id; }

  std::filesystem::path data_;
  DiskSpace& space_;
  size_t most_;
  mutable std::mutex mutex_;
  std::map<std::string, StoredFile> files_;
};

}  // namespace animate::serve
