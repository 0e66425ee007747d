#include "media/number_pattern.h"

#include <charconv>

#include "base/error.h"

namespace animate::media {

std::optional<NumberPattern> NumberPattern::parse(std::string_view name) {
  NumberPattern pattern;
  bool found = false;
  for (size_t i = 0; i < name.size(); ++i) {
    std::string& literal = found ? pattern.after : pattern.before;
    const std::string_view rest = name.substr(i);
    if (rest[0] != '%') {
      literal += rest[0];
    } else if (rest.starts_with("%%")) {
      literal += '%';
      ++i;
    } else if (rest.starts_with("%d") && !found) {
      found = true;
      ++i;
    } else if (rest.size() >= 4 && rest[1] == '0' && rest[2] >= '1' && rest[2] <= '9' && rest[3] == 'd' && !found) {
      found = true;
      pattern.width = rest[2] - '0';
      i += 3;
    } else {
      return std::nullopt;
    }
  }
  return found ? std::optional(pattern) : std::nullopt;
}

std::string NumberPattern::name(int64_t number) const {
  return fmt::format("{}{:0{}}{}", before, number, width, after);
}

std::optional<int64_t> NumberPattern::number_of(std::string_view file_name) const {
  if (file_name.size() <= before.size() + after.size()) return std::nullopt;
  if (!file_name.starts_with(before) || !file_name.ends_with(after)) return std::nullopt;
  const std::string_view digits = file_name.substr(before.size(), file_name.size() - before.size() - after.size());
  int64_t number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (error != std::errc() || end != digits.data() + digits.size() || name(number) != file_name) return std::nullopt;
  return number;
}

}  // namespace animate::media
