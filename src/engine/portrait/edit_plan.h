#pragma once

#include <string>
#include <vector>

#include "engine/portrait/output_clock.h"
#include "engine/portrait/portrait_job.h"
#include "motion/edit_settings.h"

namespace animate {

// --set on the clock of a result: the edit of every picture of the plan, or nothing where nothing is set.
// `faces`: the source's. Throws Error(Input) when eyes or lips are set and were measured of no face, Error(Model) when
// the model lacks the network for them, Error(Usage) when --eye-retargeting or --lip-retargeting sets the same.
std::vector<FaceEdit> plan_edits(const PortraitJob& job, const OutputPlan& plan, const std::vector<FaceFrame>& faces);

}  // namespace animate
