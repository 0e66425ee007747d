#include "base/overwrite.h"

#include <algorithm>
#include <cstdlib>
#include <string>

#include "base/error.h"
#include "base/file_suffix.h"
#include "base/log.h"

namespace animate {
inline namespace base {
namespace {

namespace fs = std::filesystem;

// out-%05d.png -> out-00001.png
fs::path first_of_series(const fs::path& series) {
  const std::string name = series.filename().string();
  const size_t percent = name.find('%');
  const size_t d = name.find('d', percent);
  if (percent == std::string::npos || d == std::string::npos) return series;
  const size_t digits = name.find_first_not_of('0', percent + 1);
  const int width = digits < d ? std::atoi(name.substr(digits, d - digits).c_str()) : 1;
  return series.parent_path() /
         (name.substr(0, percent) + fmt::format("{:0{}d}", 1, std::clamp(width, 1, 20)) + name.substr(d + 1));
}

}  // namespace

void check_overwrite(const fs::path& output, bool allowed) {
  const fs::path there = names_a_series(output) ? first_of_series(output) : output;
  std::error_code ec;
  if (!fs::is_regular_file(there, ec)) return;
  check(allowed, ErrorKind::Input, "{}: exists already; choose another output, or leave out --no-overwrite",
        show(there));
  log::info("{}: exists and will be replaced", show(there));
}

}  // namespace base
}  // namespace animate
