#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "batch/job_plan.h"
#include "catalog/model_finder.h"

namespace animate::batch {

// What a result is made from: name, size and time of its files, the model's, and the options that differ from their
// defaults. Never throws for a file that is missing: its size is then null.
nlohmann::json made_from(const BatchJob& job, const catalog::FoundModel& model);

// In words what differs between two of these, as in "the source and crf"; empty where they are equal.
std::string changes(const nlohmann::json& before, const nlohmann::json& now);

}  // namespace animate::batch
