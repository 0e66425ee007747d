#pragma once

#include <string>
#include <vector>

#include "animate/animator.h"
#include "engine/pipeline.h"

namespace animate {

// Appends lists of warnings.
void append(std::vector<std::string>& all, const std::vector<std::string>& more);

// Takes over what the pipeline measured.
void take_stats(AnimateSummary& summary, const PipelineStats& stats);

// Logs the warnings, the line with frames and seconds, and memory for -v.
void report(const AnimateSummary& summary);

}  // namespace animate
