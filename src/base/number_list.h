#pragma once

#include <charconv>
#include <cmath>
#include <optional>
#include <string_view>
#include <vector>

namespace animate {
inline namespace base {

// Numbers with `separator` between them and nothing else: no spaces, no empty places, all finite.
inline std::optional<std::vector<double>> parse_numbers(std::string_view text, char separator) {
  std::vector<double> numbers;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (true) {
    double number = 0;
    const auto [stop, error] = std::from_chars(at, end, number);
    if (error != std::errc() || !std::isfinite(number)) return std::nullopt;
    numbers.push_back(number);
    if (stop == end) return numbers;
    if (*stop != separator) return std::nullopt;
    at = stop + 1;
  }
}

}  // namespace base
}  // namespace animate
