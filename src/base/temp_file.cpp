#include "base/temp_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <random>
#include <set>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/path_text.h"
#include "base/temp_leftovers.h"
#include "base/write_errors.h"

namespace animate {
inline namespace base {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kAlphabet = "abcdefghijklmnopqrstuvwxyz0123456789";
constexpr size_t kTokenLength = 8;
// The stem is cut so that a name near the file system's limit still leaves room for the token: 255 bytes on most, 143
// on encrypted folders.
constexpr size_t kStemLength = 100;

std::string random_token() {
  std::random_device device;
  std::string token;
  for (size_t i = 0; i < kTokenLength; ++i) token += kAlphabet[device() % kAlphabet.size()];
  return token;
}

// A temporary name without its token.
std::string tokenless(const std::string& stem, const std::string& suffix) {
  return "." + std::string(first_bytes(stem, kStemLength)) + "." + suffix;
}

// The same of a name that may be a temporary one; empty for others.
std::string tokenless(const fs::path& name) {
  const std::string suffix = name.extension().string();
  const std::string stem = name.stem().string();
  // ".clip.abcdefgh" without a suffix has its token where the suffix would be.
  const bool bare = stem.size() <= kTokenLength + 1 || stem[stem.size() - kTokenLength - 1] != '.';
  const std::string body = bare ? name.string() : stem;
  if (body.size() <= kTokenLength + 2) return {};
  const std::string_view token = std::string_view(body).substr(body.size() - kTokenLength);
  if (token.find_first_not_of(kAlphabet) != std::string_view::npos) return {};
  return body.substr(0, body.size() - kTokenLength) + (bare ? "" : suffix);
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
  if (is_full_disk(error)) fail_to_write(target, error);
  fail(ErrorKind::Input, "{}: cannot be created ({}); choose another output", show(target), std::strerror(error));
}

}  // namespace

TempFile::TempFile(fs::path target, Kind kind) : target_(std::move(target)) {
  std::error_code ec;
  if (kind == Kind::File && fs::is_directory(target_, ec)) {
    fail(ErrorKind::Input, "{}: is a folder; give a file name for the output", show(target_));
  }
  // Its cut name below would pass where the whole one cannot be, and that would only be seen when all is painted.
  struct stat ignored;
  if (::lstat(target_.c_str(), &ignored) != 0 && errno == ENAMETOOLONG) fail_to_create(target_, errno);
  for (int attempt = 0; attempt < 16; ++attempt) {
    const std::string name = tokenless(target_.stem().string(), "") + random_token();
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
    if (!synced) fail_to_write(target_, error);
  }
  std::error_code ec;
  // rename() cannot replace a filled folder: the old result goes only once the new one is whole.
  if (fs::is_directory(path_, ec)) fs::remove_all(target_, ec);
  fs::rename(path_, target_, ec);
  check(!ec, ErrorKind::Input, "{}: cannot be put in place ({}); choose another output", show(target_), ec.message());
  path_.clear();
}

size_t remove_leftovers(std::span<const fs::path> targets) {
  std::set<fs::path> folders;
  std::set<fs::path> names;
  for (const fs::path& target : targets) {
    // Long names are cut, and then two targets may have the same temporary names.
    if (target.stem().string().size() > kStemLength) continue;
    folders.insert(target.parent_path());
    names.insert(target.parent_path() / tokenless(target.stem().string(), target.extension().string()));
  }
  size_t removed = 0;
  for (const fs::path& folder : folders) {
    std::error_code ec;
    std::vector<fs::path> found;
    for (fs::directory_iterator entry(folder.empty() ? "." : folder, ec), end; !ec && entry != end;
         entry.increment(ec)) {
      const fs::path name = entry->path().filename();
      if (name.string().starts_with(".") && names.contains(folder / tokenless(name))) found.push_back(folder / name);
    }
    for (const fs::path& path : found) removed += fs::remove_all(path, ec) > 0 ? 1 : 0;
  }
  return removed;
}

}  // namespace base
}  // namespace animate
