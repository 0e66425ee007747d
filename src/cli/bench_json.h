#pragma once

#include <string>

#include "animate/toolbox.h"

namespace animate::cli {

// A measurement as one JSON document: all that the table shows, and all layers. bench_file.h reads it again.
std::string bench_json(const BenchReport& report);

}  // namespace animate::cli
