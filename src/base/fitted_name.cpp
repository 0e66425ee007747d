#include "base/fitted_name.h"

#include <unistd.h>

#include <string>

#include "base/path_text.h"

namespace animate {
inline namespace base {
namespace {

namespace fs = std::filesystem;

std::string fitted(const fs::path& name, size_t most) {
  const std::string whole = name.string();
  if (whole.size() <= most) return whole;
  const std::string suffix = name.extension().string();
  const std::string stem = name.stem().string();
  // A suffix that is most of the name is none.
  if (suffix.size() > most / 2) {
    return std::string(first_bytes(whole, most / 2)) + "~" + std::string(last_bytes(whole, most - most / 2 - 1));
  }
  const size_t room = most - suffix.size() - 1;
  return std::string(first_bytes(stem, room - room / 2)) + "~" + std::string(last_bytes(stem, room / 2)) + suffix;
}

}  // namespace

size_t longest_name(const fs::path& folder) {
  // The folder may be one that is yet to be made.
  std::error_code ec;
  fs::path there = fs::absolute(folder.empty() ? "." : folder, ec);
  while (there.has_relative_path() && !fs::exists(there, ec)) there = there.parent_path();
  const long most = ::pathconf(there.c_str(), _PC_NAME_MAX);
  return most > 32 ? static_cast<size_t>(most) : 255;
}

fs::path fitted_path(const fs::path& path) {
  fs::path fitting = path.root_path();
  for (const fs::path& part : path.relative_path()) fitting /= fitted(part, longest_name(fitting));
  return fitting;
}

}  // namespace base
}  // namespace animate
