#pragma once

#include <string>

namespace animate::cli {

// Where the first LivePortrait model of the search path lies, as -m takes it.
// Throws Error(Model), saying what to do, when there is none.
std::string find_liveportrait_model();

}  // namespace animate::cli
