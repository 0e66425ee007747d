#pragma once

#include <memory>
#include <vector>

#include "animate/options.h"

namespace animate {

// One options object of every model family, at its defaults. A new family adds a line to families.cpp.
std::vector<std::shared_ptr<FamilyOptions>> make_family_options();

}  // namespace animate
