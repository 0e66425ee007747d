#pragma once

#include <memory>

#include "engine/driven_jobs.h"

namespace animate::engine {

// Jobs on one still picture, for every family whose model speaks DrivenModel's verbs: FOMM, identity.
std::unique_ptr<const DrivenJobs> still_jobs(std::shared_ptr<const models::DrivenModel> model);

}  // namespace animate::engine
