#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "batch/job_plan.h"

namespace animate::batch {

struct FolderInputs {
  std::vector<std::string> sources;   // pictures, or folders of them
  std::vector<std::string> drivings;  // clips, templates, folders of frames, or folders of clips and templates
  std::filesystem::path folder;       // of the results
  std::string pattern;                // empty: "{source_name}--{driving_name}.mp4", .jpg where both are stills
  ModelSpec model;
  AnimateOptions options;
};

// Every portrait with every driver: the first driver with all portraits, then the second. Files of a folder come in
// natural order; hidden ones and those whose suffix is not a picture's (a clip's) are passed over, folders below too.
// Files that are named are taken as they are. Throws Error(Input) for a folder without pictures, Error(Usage) for the
// pattern and for results of the same name.
std::vector<BatchJob> plan_folders(const FolderInputs& inputs);

// The name of a job's result below the output folder.
std::filesystem::path result_name(const std::string& pattern, const std::filesystem::path& source,
                                  const std::filesystem::path& driving, size_t index);

}  // namespace animate::batch
