#pragma once

#include <filesystem>
#include <span>

namespace animate::checkpoint {

// A whole file, mapped read-only for the lifetime of the object. Reading is thread-safe. A file that another
// program shortens while it is mapped ends the process with SIGBUS: nothing here can prevent that.
class MappedFile {
 public:
  // Throws Error(Input) when the file cannot be opened or mapped.
  explicit MappedFile(const std::filesystem::path& path);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  std::span<const std::byte> bytes() const { return {data_, size_}; }

  // Takes the pages of `part`, a part of bytes(), out of the resident set. They stay valid: a later read brings
  // them back from the page cache.
  void release(std::span<const std::byte> part) const;

 private:
  const std::byte* data_ = nullptr;
  size_t size_ = 0;
};

}  // namespace animate::checkpoint
