#pragma once

#include "animate/model.h"
#include "animate/toolbox.h"

namespace animate::engine {

// Refuses what can be told to be wrong with options.clip and options.picture before anything is measured; does nothing
// without a clip. Throws Error(Usage), Error(Input) for files that are not there.
void check_bench_clip(const BenchOptions& options);

// Animates the first options.frames frames of options.clip, from file to file and with the family's defaults, in a
// temporary folder that is removed. The source is options.picture, or else the clip's first frame.
BenchClip bench_clip(const ModelSpec& spec, const BenchOptions& options);

}  // namespace animate::engine
