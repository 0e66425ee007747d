#include "checkpoint/mapped_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstring>

#include "base/error.h"

namespace animate::checkpoint {

MappedFile::MappedFile(const std::filesystem::path& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  struct stat status {};
  if (fd < 0 || ::fstat(fd, &status) != 0) {
    const int error = errno;
    if (fd >= 0) ::close(fd);
    fail(ErrorKind::Input, "{}: cannot be opened ({}); check its permissions", show(path), std::strerror(error));
  }
  size_ = static_cast<size_t>(status.st_size);
  void* mapped = size_ == 0 ? nullptr : ::mmap(nullptr, size_, PROT_READ, MAP_PRIVATE, fd, 0);
  const int error = errno;
  ::close(fd);
  check(mapped != MAP_FAILED, ErrorKind::Input, "{}: cannot be read ({}); copy it to a local disk", show(path),
        std::strerror(error));
  data_ = static_cast<const std::byte*>(mapped);
}

MappedFile::~MappedFile() {
  if (data_ != nullptr) ::munmap(const_cast<std::byte*>(data_), size_);
}

void MappedFile::release(std::span<const std::byte> part) const {
  if (part.empty()) return;
  // Linux maps the neighbours of a page that it reads in, by aligned windows of 64 KiB: they have to go as well.
  constexpr uintptr_t window = 64 * 1024;
  const auto start = reinterpret_cast<uintptr_t>(data_);
  const auto first = reinterpret_cast<uintptr_t>(part.data());
  const uintptr_t begin = std::max(start, first / window * window);
  const uintptr_t end = std::min(start + size_, (first + part.size() + window - 1) / window * window);
  // Advice only: when it is refused the pages merely stay resident.
  ::madvise(const_cast<std::byte*>(data_) + (begin - start), end - begin, MADV_DONTNEED);
}

}  // namespace animate::checkpoint
