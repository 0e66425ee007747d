#pragma once

#include <memory>

#include "engine/driven_jobs.h"

namespace animate {

// Jobs on one still picture, for every family whose model speaks DrivenModel's verbs: FOMM, identity.
std::unique_ptr<const DrivenJobs> still_jobs(std::shared_ptr<const DrivenModel> model);

}  // namespace animate
