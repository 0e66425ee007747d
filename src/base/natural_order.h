#pragma once

#include <string_view>

namespace animate {
inline namespace base {

// Order in which people count: "face2" before "face10". Runs of digits compare as numbers of any length, all else by
// bytes; names that are equal so far ("a1", "a01") compare by bytes, so that the order is total.
bool natural_less(std::string_view a, std::string_view b);

}  // namespace base
}  // namespace animate
