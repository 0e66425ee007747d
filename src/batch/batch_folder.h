#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "batch/batch_report.h"
#include "batch/batch_run.h"
#include "catalog/model_finder.h"

namespace animate::batch {

// A job with what is known about it before it runs.
struct PlannedJob {
  const BatchJob* job = nullptr;
  nlohmann::json facts;  // made_from()
  std::string again;     // why a result that is there is made again; empty: there is none
  std::string fault;     // why it cannot run
  bool finished = false;
};

// Compares this shard's jobs with what the output folder holds, and removes what killed runs left half-written.
std::vector<PlannedJob> survey_folder(const std::vector<BatchJob>& plan, const BatchReport& report,
                                      const BatchSettings& settings);

}  // namespace animate::batch
