#pragma once

#include "animate/toolbox.h"
#include "models/registry.h"

namespace animate::models {

// Measures a family's networks on synthetic frames: stages and whole frames by the clock, their operations by
// LibTorch's observers in runs of their own. With options.compare "baseline" the original's computation is measured in
// turns with ours, so that a busy machine slows both down alike. Throws Error(Usage) for options that contradict each
// other or the model, Error(Input) when options.earlier is of another model.
BenchReport run_bench(const ModelFamily& family, const ModelFiles& files, const BenchOptions& options);

}  // namespace animate::models
