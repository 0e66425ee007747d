#pragma once

#include "animate/options.h"

namespace animate::engine {

// Refuses what a session cannot do, because it sees one picture after the other and writes no file: another reference
// than the first, a part of a clip, another frame rate, smoothing that looks ahead, frames left out. Throws
// Error(Usage).
void check_session_options(const AnimateOptions& options);

// The same for options that are to change while a session is open: those that choose the source's crop and faces, and
// the networks' own, do not. Throws Error(Usage).
void check_session_change(const AnimateOptions& before, const AnimateOptions& after);

}  // namespace animate::engine
