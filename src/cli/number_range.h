#pragma once

#include <spdlog/fmt/fmt.h>
#include <CLI/CLI.hpp>

#include <cmath>
#include <string>

namespace animate::cli {

// Refuses text that is no number from `low` to `high` (both included), or where `high` is infinite no number of at
// least `low`. In place of CLI11's own Range, which prints every digit of a double and words its refusal by its
// version.
template <typename T>
CLI::Validator number_range(T low, T high) {
  return CLI::Validator(
      [low, high](std::string& text) -> std::string {
        T value{};
        if (!CLI::detail::lexical_cast(text, value) || value < low || value > high) {
          return std::isfinite(static_cast<double>(high))
                     ? fmt::format("{} is not a number from {} to {}", text, low, high)
                     : fmt::format("{} is not a number of at least {}", text, low);
        }
        return {};
      },
      "");
}

}  // namespace animate::cli
