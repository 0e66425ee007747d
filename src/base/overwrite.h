#pragma once

#include <filesystem>

namespace animate {
inline namespace base {

// To be asked before the work whose result goes to `output`: tells that what lies there will be replaced. Throws
// Error(Input) where it may not be. A series out-%05d.png lies there when its first picture does.
void check_overwrite(const std::filesystem::path& output, bool allowed);

}  // namespace base
}  // namespace animate
