#pragma once

#include <string>

#include "animate/toolbox.h"

namespace animate::cli {

// A measurement as text: stages, and what else was asked for. Ratios are this run's time over the other's, so that
// what is below 1 is faster than that.
std::string bench_table(const BenchReport& report);

}  // namespace animate::cli
