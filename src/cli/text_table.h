#pragma once

#include <string>
#include <vector>

namespace animate::cli {

using Cells = std::vector<std::string>;

// Rows as lines of text, two spaces between columns: the first column begins on the left, the others end on the right.
// Every row must have as many cells as the first, of which there must be one.
std::string aligned_table(const std::vector<Cells>& rows);

}  // namespace animate::cli
