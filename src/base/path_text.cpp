#include "base/path_text.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <charconv>

namespace animate {
inline namespace base {
namespace {

constexpr std::string_view kScheme = "file://";

bool continues(char c) { return (static_cast<unsigned char>(c) & 0xc0) == 0x80; }

// How many bytes the letter that begins with this one has; 0: no letter begins so.
size_t letter_length(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte < 0x80 ? 1 : byte < 0xc2 ? 0 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : byte < 0xf5 ? 4 : 0;
}

// Too long forms, surrogates and numbers above U+10FFFF, told by the second byte.
bool second_byte_fits(unsigned char first, unsigned char second) {
  switch (first) {
    case 0xe0: return second >= 0xa0;
    case 0xed: return second < 0xa0;
    case 0xf0: return second >= 0x90;
    case 0xf4: return second < 0x90;
    default: return true;
  }
}

}  // namespace

bool is_utf8(std::string_view bytes) {
  for (size_t at = 0; at < bytes.size();) {
    const size_t length = letter_length(bytes[at]);
    if (length == 0 || length > bytes.size() - at) return false;
    for (size_t i = 1; i < length; ++i) {
      if (!continues(bytes[at + i])) return false;
    }
    if (length > 1 &&
        !second_byte_fits(static_cast<unsigned char>(bytes[at]), static_cast<unsigned char>(bytes[at + 1]))) {
      return false;
    }
    at += length;
  }
  return true;
}

std::string_view first_bytes(std::string_view text, size_t most) {
  if (text.size() <= most) return text;
  size_t end = most;
  // A letter has at most four bytes: three of them may lie behind the cut.
  for (size_t back = 0; back < 3 && end > 0 && continues(text[end]); ++back) --end;
  return text.substr(0, continues(text[end]) ? most : end);
}

std::string_view last_bytes(std::string_view text, size_t most) {
  if (text.size() <= most) return text;
  size_t begin = text.size() - most;
  for (size_t on = 0; on < 3 && begin < text.size() && continues(text[begin]); ++on) ++begin;
  return text.substr(begin);
}

std::string text_of_path(const std::filesystem::path& path) {
  // What looks like an address would be read back as one.
  if (is_utf8(path.native()) && !path.native().starts_with(kScheme)) return path.native();
  std::string text(kScheme);
  const std::string whole = std::filesystem::absolute(path).string();
  for (const char c : whole) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') ||
                       std::string_view("/-._~").find(c) != std::string_view::npos;
    text += plain ? std::string(1, c) : fmt::format("%{:02X}", byte);
  }
  return text;
}

std::filesystem::path path_of_text(const std::string& text) {
  if (!text.starts_with(kScheme)) return text;
  std::string_view rest = std::string_view(text).substr(kScheme.size());
  // The machine may be named, and is this one then.
  if (rest.starts_with("localhost/")) rest.remove_prefix(std::string_view("localhost").size());
  if (!rest.starts_with('/')) return text;
  std::string bytes;
  for (size_t at = 0; at < rest.size(); ++at) {
    unsigned code = 0;
    if (rest[at] == '%' && at + 2 < rest.size() &&
        std::from_chars(rest.data() + at + 1, rest.data() + at + 3, code, 16).ptr == rest.data() + at + 3) {
      bytes += static_cast<char>(code);
      at += 2;
    } else {
      bytes += rest[at];
    }
  }
  return bytes;
}

}  // namespace base
}  // namespace animate
