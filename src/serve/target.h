#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace animate::serve {

// The target of a request, "/api/v1/files?kind=a%20b", taken apart and decoded.
struct Target {
  std::string path;
  std::map<std::string, std::string> query;
};

// nullopt for what is no absolute path, holds a broken %XX, a zero or a control character, or is no UTF-8.
std::optional<Target> parse_target(std::string_view text);

// The parts between the slashes: "/api/v1" gives {"api", "v1"}.
std::vector<std::string> split_path(std::string_view path);

// "bytes=0-99" of a file of `size` bytes: first byte and number of bytes. nullopt: not a range that can be answered.
// Of several ranges none is.
struct ByteRange {
  uint64_t first = 0;
  uint64_t length = 0;
};
std::optional<ByteRange> parse_range(std::string_view text, uint64_t size);

// The value of a cookie; empty where it is absent.
std::string cookie_of(std::string_view header, std::string_view name);

// A parameter of a header, as the boundary in `multipart/form-data; boundary="x"`; empty where it is absent.
std::string parameter_of(std::string_view header, std::string_view name);

}  // namespace animate::serve
