#pragma once

#include "animate/toolbox.h"

namespace animate::engine {

// Refuses an options.roofline that cannot be written, before anything is measured; does nothing without one.
// Throws Error(Usage).
void check_bench_roofline(const BenchOptions& options);

// Draws report.layers below the machine's limits into options.roofline, whole or not at all. Throws Error(Input).
void write_bench_roofline(const BenchReport& report, const BenchOptions& options);

}  // namespace animate::engine
