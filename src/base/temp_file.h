#pragma once

#include <filesystem>

namespace animate {
inline namespace base {

// A file (or folder) that appears under its final name only when whole. The work goes to path(), a hidden
// name in the target's own folder with the target's suffix; commit() renames it over the target;
// destruction without commit() removes it. Not thread-safe.
class TempFile {
 public:
  enum class Kind { File, Folder };

  // Creates the temporary file or folder at once, so that a missing, read-only or full destination is reported
  // before any work is done. Throws Error(Input).
  explicit TempFile(std::filesystem::path target, Kind kind = Kind::File);
  ~TempFile();
  TempFile(TempFile&& other) noexcept;
  TempFile& operator=(TempFile&&) = delete;

  const std::filesystem::path& path() const { return path_; }
  const std::filesystem::path& target() const { return target_; }

  // Makes the result visible: flushes it to disk and renames it. Throws Error(Input).
  void commit();

 private:
  std::filesystem::path target_;
  std::filesystem::path path_;
};

}  // namespace base
}  // namespace animate
