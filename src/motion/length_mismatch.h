#pragma once

#include <cstddef>

namespace animate {

// What to do when a source video and its driver differ in length.
enum class OnMismatch {
  Cut,     // stop with the shorter one, as the original
  Cycle,   // start the driver again
  Mirror,  // play it backwards, then forwards again, without showing its ends twice
  Hold,    // keep its last frame
};

// Frames of the output for a source video of `source` and a driver of `driving` frames; 0 where one has none. All but
// Cut give the source's length: a longer driver is cut by each.
size_t output_length(OnMismatch policy, size_t source, size_t driving);

// Which of the driver's frames moves output frame i. `driving` must not be 0.
size_t driving_index(OnMismatch policy, size_t i, size_t driving);

}  // namespace animate
