#pragma once

#include <filesystem>
#include <span>

namespace animate {
inline namespace base {

// Removes what TempFiles of these targets left when their program was killed; returns how many. The caller makes sure
// that nobody is writing these targets now: a temporary name does not tell whose it is. Never throws.
size_t remove_leftovers(std::span<const std::filesystem::path> targets);

}  // namespace base
}  // namespace animate
