#include "fetch/part_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <utility>

#include "base/error.h"
#include "base/log.h"
#include "base/write_errors.h"

//   TARGET.part         bytes 0 .. size() of the download; only ever appended to, or emptied
//   TARGET.part.etag    one line: the server's ETag of these bytes, absent where it gave none
//   TARGET              appears in one step by rename(), after its bytes are on disk
//
// So a file under the target's name is always whole, and after a crash or a pulled plug the download
// continues from the part. An ETag that is lost costs nothing but certainty: the caller checks the SHA-256 of the whole
// file at the end.
namespace animate::fetch {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail_to_write(const fs::path& path, int error) {
  if (is_full_disk(error)) {
    fail(ErrorKind::DiskFull,
         "{}: no space left for the download; free some and run the same command, which goes on here", show(path));
  }
  if (error == EACCES || error == EROFS || error == EPERM) {
    fail(ErrorKind::Input, "{}: cannot be written, permission is denied; choose another folder with --to", show(path));
  }
  fail(ErrorKind::Input, "{}: cannot be written ({}); choose another folder with --to", show(path),
       std::strerror(error));
}

// Open for appending, and locked.
int open_locked(const fs::path& path) {
  // O_APPEND: writes go to the end wherever that is. O_NOFOLLOW: a link of this name is not followed to somewhere else.
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_NOFOLLOW | O_CLOEXEC, 0666);
  if (fd < 0) fail_to_write(path, errno);
  // The lock belongs to the open file and ends with it, also when the program is killed: nothing is left to clean up.
  if (::flock(fd, LOCK_EX | LOCK_NB) == 0) return fd;
  if (errno == EWOULDBLOCK) {
    ::close(fd);
    fail(ErrorKind::Input, "{}: another program is downloading it; wait until that is done", show(path));
  }
  // File systems without locks exist; there the user sees to it.
  log::debug("{}: cannot be locked ({})", show(path), std::strerror(errno));
  return fd;
}

bool is_still_there(int fd, const fs::path& path) {
  struct stat opened {};
  struct stat named {};
  return ::fstat(fd, &opened) == 0 && ::lstat(path.c_str(), &named) == 0 && opened.st_ino == named.st_ino &&
         opened.st_dev == named.st_dev;
}

// An ETag is one short line; a longer one is not one that was written here.
std::string read_etag(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  std::string line;
  std::getline(stream, line);
  return line.size() < 256 ? line : std::string();
}

}  // namespace

PartFile::PartFile(fs::path target) : target_(std::move(target)) {
  path_ = target_;
  path_ += ".part";
  etag_path_ = path_;
  etag_path_ += ".etag";
  std::error_code ec;
  if (target_.has_parent_path()) fs::create_directories(target_.parent_path(), ec);
  if (ec) fail_to_write(target_.parent_path(), ec.value());
  // Between opening and locking another run may have installed or removed the file under this name; what was opened is
  // then its file, and this one begins again.
  do {
    if (fd_ >= 0) ::close(fd_);
    fd_ = open_locked(path_);
  } while (!is_still_there(fd_, path_));
  struct stat facts {};
  if (::fstat(fd_, &facts) == 0) size_ = facts.st_size;
  if (size_ > 0) etag_ = read_etag(etag_path_);
}

PartFile::~PartFile() {
  if (fd_ < 0) return;
  // An empty one is of no use to the next run.
  std::error_code ec;
  if (size_ == 0) {
    fs::remove(path_, ec);
    fs::remove(etag_path_, ec);
  }
  ::close(fd_);
}

void PartFile::restart() {
  if (::ftruncate(fd_, 0) != 0) fail_to_write(path_, errno);
  size_ = 0;
  set_etag("");
}

void PartFile::set_etag(const std::string& etag) {
  etag_ = etag;
  std::error_code ec;
  if (etag.empty()) {
    fs::remove(etag_path_, ec);
  } else {
    // Not through a link either. A tag that is lost costs nothing but certainty.
    const int fd = ::open(etag_path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC, 0666);
    if (fd < 0) return;
    const std::string line = etag + '\n';
    if (::write(fd, line.data(), line.size()) != static_cast<ssize_t>(line.size())) fs::remove(etag_path_, ec);
    ::close(fd);
  }
}

void PartFile::append(std::span<const char> bytes) {
  while (!bytes.empty()) {
    // write() may take less than it is given, as on a disk that is nearly full.
    const ssize_t written = ::write(fd_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail_to_write(path_, errno);
    bytes = bytes.subspan(static_cast<size_t>(written));
    size_ += written;
  }
}

void PartFile::install() {
  // EINVAL: a file system that cannot do it. Without fsync a crash could leave the name and not the bytes.
  if (::fsync(fd_) != 0 && errno != EINVAL) fail_to_write(path_, errno);
  std::error_code ec;
  fs::rename(path_, target_, ec);
  check(!ec, ErrorKind::Input, "{}: cannot be put in place ({}); choose another folder with --to", show(target_),
        ec.message());
  fs::remove(etag_path_, ec);
  ::close(std::exchange(fd_, -1));
}

void PartFile::discard() {
  std::error_code ec;
  fs::remove(path_, ec);
  fs::remove(etag_path_, ec);
  ::close(std::exchange(fd_, -1));
}

}  // namespace animate::fetch
