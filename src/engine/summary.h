#pragma once

#include <string>
#include <vector>

#include "animate/job.h"
#include "engine/output_clip.h"
#include "engine/pipeline.h"

namespace animate::engine {

// Appends lists of warnings.
void append(std::vector<std::string>& all, const std::vector<std::string>& more);

// Takes over what the pipeline measured.
void take_stats(AnimateSummary& summary, const PipelineStats& stats);

// Throws StrictError where there are warnings and `strict` is on. All but the first are logged, which the error tells.
void refuse_warnings(const AnimateSummary& summary, bool strict);

// The end of a job whose frames are all written: takes over size and warnings of `output`, refuses them as `options`
// say, and only then puts the file in place. A warning about what lies beside the result may still follow and is no
// reason to refuse it.
void finish_output(OutputClip& output, AnimateSummary& summary, const OutputOptions& options);

// Logs the warnings, the line with frames and seconds, and memory for -v.
void report(const AnimateSummary& summary);

}  // namespace animate::engine
