#pragma once

#include <span>
#include <string>
#include <string_view>

namespace animate {
inline namespace base {

// The candidate that a mistyped word most likely means, by edit distance; empty when none is close
// (more than a third of the word's length away). For "did you mean" sentences.
std::string nearest(std::string_view word, std::span<const std::string> candidates);

}  // namespace base
}  // namespace animate
