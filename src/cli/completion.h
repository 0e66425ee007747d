#pragma once

#include <string>

#include "cli/outline.h"

namespace animate::cli {

// What a shell reads to complete commands, flags and their values; where a value may be a path, paths too.
std::string bash_completion(const Outline& program);
std::string zsh_completion(const Outline& program);
std::string fish_completion(const Outline& program);

}  // namespace animate::cli
