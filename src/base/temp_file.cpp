#include "base/temp_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <random>
#include <utility>

#include "base/error.h"

namespace animate {
namespace {

namespace fs = std::filesystem;

std::string random_token() {
  constexpr std::string_view alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";
  std::random_device device;
  std::string token;
  for (int i = 0; i < 8; ++i) token += alphabet[device() % alphabet.size()];
  return token;
}

// Why nothing can be created in the target's folder, and what to do about it.
[[noreturn]] void fail_to_create(const fs::path& target, int error) {
  fs::path folder = target.parent_path();
  if (folder.empty()) folder = ".";
  std::error_code ec;
  if (!fs::exists(folder, ec)) {
    fail(ErrorKind::Input, "{}: the folder {} does not exist; create it or choose another output", show(target),
         show(folder));
  }
  if (!fs::is_directory(folder, ec)) {
    fail(ErrorKind::Input, "{}: {} is not a folder; choose another output", show(target), show(folder));
  }
  if (error == EACCES || error == EROFS || error == EPERM) {
    fail(ErrorKind::Input, "{}: the folder {} is not writable; choose another output or change its permissions",
         show(target), show(folder));
  }
  if (error == ENOSPC || error == EDQUOT) {
    fail(ErrorKind::Input, "{}: no space left on the device; free some or choose another output", show(target));
  }
  fail(ErrorKind::Input, "{}: cannot be created ({}); choose another output", show(target), std::strerror(error));
}

}  // namespace

TempFile::TempFile(fs::path target, Kind kind) : target_(std::move(target)) {
  std::error_code ec;
  if (kind == Kind::File && fs::is_directory(target_, ec)) {
    fail(ErrorKind::Input, "{}: is a folder; give a file name for the output", show(target_));
  }
  for (int attempt = 0; attempt < 16; ++attempt) {
    // The stem is cut so that a name near the 255-byte limit still leaves room for the token.
    const std::string name = "." + target_.stem().string().substr(0, 150) + "." + random_token();
    path_ = target_.parent_path() / (name + target_.extension().string());
    if (kind == Kind::Folder) {
      if (::mkdir(path_.c_str(), 0777) == 0) return;
    } else {
      const int fd = ::open(path_.c_str(), O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0666);
      if (fd >= 0) {
        ::close(fd);
        return;
      }
    }
    if (errno != EEXIST) fail_to_create(target_, errno);
  }
  fail_to_create(target_, EEXIST);
}

TempFile::TempFile(TempFile&& other) noexcept
    : target_(std::move(other.target_)), path_(std::exchange(other.path_, {})) {}

TempFile::~TempFile() {
  std::error_code ec;
  if (!path_.empty()) fs::remove_all(path_, ec);
}

void TempFile::commit() {
  if (const int fd = ::open(path_.c_str(), O_RDONLY | O_CLOEXEC); fd >= 0) {
    const bool synced = ::fsync(fd) == 0 || errno == EINVAL;
    const int error = errno;
    ::close(fd);
    check(synced, ErrorKind::Input, "{}: could not be written to disk ({}); free some space and run again",
          show(target_), std::strerror(error));
  }
  std::error_code ec;
  // rename() cannot replace a filled folder: the old result goes only once the new one is whole.
  if (fs::is_directory(path_, ec)) fs::remove_all(target_, ec);
  fs::rename(path_, target_, ec);
  check(!ec, ErrorKind::Input, "{}: cannot be put in place ({}); choose another output", show(target_), ec.message());
  path_.clear();
}

}  // namespace animate
