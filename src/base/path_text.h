#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace animate {
inline namespace base {

// Whether the bytes are UTF-8. File names on Linux may be any bytes; JSON and templates hold UTF-8 only.
bool is_utf8(std::string_view bytes);

// The first bytes of a text, at most `most`, without a letter that is cut in two; and the last ones. Bytes that are no
// UTF-8 are cut anywhere.
std::string_view first_bytes(std::string_view text, size_t most);
std::string_view last_bytes(std::string_view text, size_t most);

// A path as a UTF-8 text that gives the path again: as it is, or where its bytes are not UTF-8 as a file: address with
// them written as %XX (RFC 8089).
std::string text_of_path(const std::filesystem::path& path);

// The path that a text means: file: addresses of this machine are taken apart, everything else is a path already.
std::filesystem::path path_of_text(const std::string& text);

}  // namespace base
}  // namespace animate
