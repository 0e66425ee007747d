#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "batch/job_plan.h"

namespace animate::batch {

struct ManifestDefaults {
  std::filesystem::path folder;  // where jobs without an output go; empty: every job must have one
  std::string pattern;
  ModelSpec model;         // of jobs that do not say
  AnimateOptions options;  // what the command line set
};

// Jobs from a file with one JSON object a line: source, driving, output, model, config, and any option by its long
// flag's name, as in {"source": "a.jpg", "driving": "b.mp4", "output": "c.mp4", "crf": 20}; of a morph target, one or a
// list, in place of driving; of a clip without a driver "kind": "dream", and the options of `animate dream`. Relative
// paths start at the manifest's folder. A line that cannot be used becomes a job with a fault; empty lines are passed
// over. Throws Error(Input) when the file cannot be read or holds no job, Error(Usage) as check_outputs() does.
std::vector<BatchJob> read_manifest(const std::filesystem::path& path, const ManifestDefaults& defaults);

}  // namespace animate::batch
