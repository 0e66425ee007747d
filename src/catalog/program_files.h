#pragma once

#include <filesystem>
#include <vector>

namespace animate::catalog {

// Where the program's own configs may lie, best first: as installed, relative to the program, then the source tree.
std::vector<std::filesystem::path> program_configs();

}  // namespace animate::catalog
