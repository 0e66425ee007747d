#pragma once

#include <filesystem>

#include "animate/animator.h"

namespace animate {

// What can be told to be wrong with --set and --silent-lips before weights are loaded, for jobs with a driver and
// without one. Throws Error(Usage).
void check_edits(const AnimateJob& job);

// A job without a driver edits its source.
inline bool is_edit(const AnimateJob& job) { return job.driving.empty(); }

// Whether the result is one picture: its name ends like a picture's and numbers no frames.
bool names_one_picture(const std::filesystem::path& output);

}  // namespace animate
