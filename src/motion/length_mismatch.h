#pragma once

#include <cstddef>

#include "animate/liveportrait_options.h"

namespace animate::motion {

// Frames of the output for a source video of `source` and a driver of `driving` frames; 0 where one has none. All but
// Cut give the source's length: a longer driver is cut by each.
size_t output_length(OnMismatch policy, size_t source, size_t driving);

// Which of the driver's frames moves output frame i. `driving` must not be 0.
size_t driving_index(OnMismatch policy, size_t i, size_t driving);

}  // namespace animate::motion
