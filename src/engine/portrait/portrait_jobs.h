#pragma once

#include <memory>

#include "engine/driven_jobs.h"
#include "models/liveportrait/liveportrait_model.h"

namespace animate::engine {

// LivePortrait's jobs: sources that are pictures or videos, faces that are found, edits without a driver.
std::unique_ptr<const DrivenJobs> portrait_jobs(std::shared_ptr<const models::liveportrait::LivePortraitModel> model);

}  // namespace animate::engine
