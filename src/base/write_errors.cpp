#include "base/write_errors.h"

#include <cerrno>
#include <cstring>
#include <ostream>

#include "base/error.h"

namespace animate {
inline namespace base {

bool is_full_disk(int error) { return error == ENOSPC || error == EDQUOT || error == EFBIG; }

void fail_to_write(const std::filesystem::path& target, int error) {
  if (is_full_disk(error)) {
    fail(ErrorKind::DiskFull, "{}: no space left on the device; free some or choose another output", show(target));
  }
  fail(ErrorKind::Input, "{}: could not be written ({}); choose another output", show(target), std::strerror(error));
}

void check_written(const std::ostream& stream, const std::filesystem::path& target) {
  const int error = errno;
  if (stream.fail()) fail_to_write(target, error != 0 ? error : EIO);
}

}  // namespace base
}  // namespace animate
