#pragma once

#include <optional>
#include <stop_token>

#include "animate/progress.h"
#include "engine/driving_clip.h"
#include "engine/still/animated_source.h"

namespace animate::engine {

struct Reference {
  int64_t frame = 0;
  motion::Motion motion;
};

// Finds the driving frame that relative motion starts from, in a pass of its own over the clip, and rewinds it.
//   number   that frame; Error(Input) when the clip is shorter
//   nullopt  the frame whose pose is nearest to the source's; the first of equals, as in the original's best-frame mode
// Keeps one motion at a time: memory does not grow with the clip.
Reference find_reference(DrivingClip& clip, const AnimatedSource& animated, std::optional<int64_t> number,
                         Progress& progress, std::stop_token stop);

}  // namespace animate::engine
