#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace animate::media {

// A file name with one number in it, written as for printf: "frame-%05d.png", "%d.jpg" ("%%" is a percent sign).
// Not a glob: everything else in the name is literal.
struct NumberPattern {
  std::string before;
  std::string after;
  int width = 0;  // at least so many digits, filled up with zeros

  // nullopt unless the name holds exactly one %d or %0Nd, N from 1 to 9.
  static std::optional<NumberPattern> parse(std::string_view name);

  std::string name(int64_t number) const;
  // The number of a name that this pattern would have written.
  std::optional<int64_t> number_of(std::string_view name) const;
};

}  // namespace animate::media
