#include "base/time_text.h"

#include <charconv>
#include <cmath>

namespace animate {
inline namespace base {
namespace {

// All of `text` as a number without a sign: digits, and where it may have one, a fraction.
std::optional<double> plain_number(std::string_view text, bool fraction) {
  if (text.empty() || text.find_first_not_of(fraction ? "0123456789." : "0123456789") != std::string_view::npos) {
    return std::nullopt;
  }
  double value = 0;
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, value);
  return error == std::errc() && stop == end && std::isfinite(value) ? std::optional(value) : std::nullopt;
}

}  // namespace

std::optional<double> seconds_of(std::string_view text) {
  if (text.ends_with('s') && text.find(':') == std::string_view::npos) text.remove_suffix(1);
  double before = 0;
  int colons = 0;
  for (size_t colon; (colon = text.find(':')) != std::string_view::npos; text.remove_prefix(colon + 1)) {
    const auto part = plain_number(text.substr(0, colon), /*fraction=*/false);
    if (!part || ++colons > 2 || (colons > 1 && *part >= 60)) return std::nullopt;
    before = (before + *part) * 60;
  }
  const auto seconds = plain_number(text, /*fraction=*/true);
  if (!seconds || (colons > 0 && *seconds >= 60)) return std::nullopt;
  return before + *seconds;
}

}  // namespace base
}  // namespace animate
