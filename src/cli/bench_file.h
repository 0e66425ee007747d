#pragma once

#include <filesystem>

#include "animate/toolbox.h"

namespace animate::cli {

// What `animate bench --json` wrote, with or without --baseline. Fields that are not needed may be missing or more.
// Throws Error(Input) for a file that is missing, larger than 4 MB, no JSON, or without a field, naming it.
BenchComparison read_bench_file(const std::filesystem::path& path);

}  // namespace animate::cli
