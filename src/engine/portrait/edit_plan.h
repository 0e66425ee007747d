#pragma once

#include <string>
#include <vector>

#include "engine/portrait/output_clock.h"
#include "engine/portrait/portrait_job.h"
#include "motion/edit_values.h"

namespace animate::engine {

// --set on the clock of a result: the edit of every picture of the plan, or nothing where nothing is set.
// `faces`: the source's. Throws Error(Input) when eyes or lips are set and were measured of no face, Error(Model) when
// the model lacks the network for them, Error(Usage) when --eye-retargeting or --lip-retargeting sets the same.
std::vector<motion::FaceEdit> plan_edits(const PortraitJob& job, const FramePlan& plan,
                                         const std::vector<motion::FaceFrame>& faces);

// The same errors for settings that are to change one of `faces`; `shown` is the source.
void check_edit(const models::liveportrait::LivePortraitModel& model, const LivePortraitOptions& options,
                const EditSettings& settings, const std::vector<motion::FaceFrame>& faces, const std::string& shown);

// x_d of a picture's face that is edited once, not along a clip.
Points3 edited_still(const models::liveportrait::LivePortraitModel& model, const motion::FaceFrame& face,
                     motion::FaceEdit edit);

}  // namespace animate::engine
