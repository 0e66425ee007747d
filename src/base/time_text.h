#pragma once

#include <optional>
#include <string_view>

namespace animate {
inline namespace base {

// A time as people write it, in seconds: 1.5, 1.5s, 0:05 (minutes and seconds), 00:00:05.5. Not below 0; behind a colon
// below 60. nullopt for everything else.
std::optional<double> seconds_of(std::string_view text);

}  // namespace base
}  // namespace animate
