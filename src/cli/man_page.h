#pragma once

#include <string>

#include "cli/outline.h"

namespace animate::cli {

// The manual page animate(1) in the language of man (groff_man(7)): the program with its flags, then every command.
std::string man_page(const Outline& program);

}  // namespace animate::cli
