#pragma once

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "animate/dream_options.h"
#include "animate/model.h"
#include "animate/options.h"

namespace animate::batch {

// One result that is to be made.
struct BatchJob {
  size_t index = 0;  // place in the whole plan, before it is split into shards
  std::filesystem::path source;
  std::filesystem::path driving;  // may be kIdleDriver; empty: of a morph, of a dream
  std::filesystem::path output;
  ModelSpec model;
  AnimateOptions options;
  std::string origin;                               // "jobs.jsonl line 3"; empty for jobs from folders
  std::string fault;                                // why the job cannot run, known while planning; a sentence
  std::vector<std::filesystem::path> targets = {};  // of a morph, which has no driver
  std::optional<DreamOptions> dream = {};  // of a clip without a driver; then `options` are its writing and runtime
};

// Throws Error(Usage), naming both, when two jobs would write the same file, or one would write over another's source
// or driver. Jobs with a fault count as long as they have an output.
void check_outputs(const std::vector<BatchJob>& jobs);

// Absolute, without "." and "..", and with the folder's symbolic links resolved: equal for equal files.
std::filesystem::path comparable(const std::filesystem::path& path);

}  // namespace animate::batch
