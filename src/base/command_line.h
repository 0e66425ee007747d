#pragma once

#include <string>
#include <vector>

namespace animate {
inline namespace base {

// The words this process was started with, as the kernel keeps them; empty where it tells nothing.
std::vector<std::string> command_line();

// A word as a shell reads it back: as it is, or in single quotes where it has to be.
std::string quoted_for_shell(const std::string& word);

// command_line() as one line that a shell reads back.
std::string shown_command_line();

}  // namespace base
}  // namespace animate
