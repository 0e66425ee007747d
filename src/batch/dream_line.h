#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "batch/job_plan.h"

namespace animate::batch {

// What a manifest's line calls a job that has no driver: {"kind": "dream", "source": "a.jpg", …}.
inline constexpr const char* kDreamKind = "dream";

// Sets an option of a job that is a dream: one of `animate dream`'s own, of the result, or of the runtime. Throws
// Error(Usage) for others and for values that are none, beginning with the name.
void set_dream_option(BatchJob& job, const std::string& name, const nlohmann::json& value);

}  // namespace animate::batch
