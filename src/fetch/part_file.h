#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>

namespace animate::fetch {

// The beginning of a download: TARGET.part beside the target, kept from run to run until it is whole. The server's name
// for the version that it is of, its ETag, lies in TARGET.part.etag. Locked while it is open, so that two programs
// never write into one. All functions throw Error(DiskFull) where nothing more fits and Error(Input) for the rest.
class PartFile {
 public:
  // Opens or creates it, and the folders on the way to it.
  explicit PartFile(std::filesystem::path target);
  ~PartFile();
  PartFile(const PartFile&) = delete;
  PartFile& operator=(const PartFile&) = delete;

  const std::filesystem::path& path() const { return path_; }
  int64_t size() const { return size_; }
  const std::string& etag() const { return etag_; }

  // Forgets the content.
  void restart();
  void set_etag(const std::string& etag);
  void append(std::span<const char> bytes);
  // To disk, then under the target's name; the ETag's file goes.
  void install();
  // Removes both files.
  void discard();

 private:
  std::filesystem::path target_, path_, etag_path_;
  int fd_ = -1;
  int64_t size_ = 0;
  std::string etag_;
};

}  // namespace animate::fetch
