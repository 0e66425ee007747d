#pragma once

#include "engine/job_checks.h"

namespace animate::engine {

// What can be told to be wrong with --set and --silent-lips before weights are loaded, for jobs with a driver and
// without one. Throws Error(Usage).
void check_edits(const CheckedJob& job);

}  // namespace animate::engine
