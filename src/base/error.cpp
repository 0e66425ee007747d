#include "base/error.h"

namespace animate {
inline namespace base {

std::string show(const std::filesystem::path& path) {
  std::string shown;
  for (const char c : path.string()) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f) {
      shown += fmt::format("\\x{:02x}", byte);
    } else {
      shown += c;
    }
  }
  return shown;
}

}  // namespace base
}  // namespace animate
