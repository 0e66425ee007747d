#include "batch/folder_jobs.h"

#include <algorithm>
#include <set>

#include "base/error.h"
#include "base/file_suffix.h"
#include "base/fitted_name.h"
#include "base/log.h"
#include "base/natural_order.h"
#include "batch/output_pattern.h"

namespace animate::batch {
namespace {

namespace fs = std::filesystem;

// The files of a folder whose names fit, in natural order. What does not fit is told, beside hidden files.
std::vector<fs::path> files_in(const fs::path& folder, bool (*fits)(const fs::path&)) {
  std::error_code ec;
  fs::directory_iterator entries(folder, ec);
  check(!ec, ErrorKind::Input, "{}: the folder cannot be read ({}); change its permissions", show(folder),
        ec.message());
  std::vector<fs::path> files;
  std::vector<fs::path> others;
  for (; entries != fs::directory_iterator(); entries.increment(ec)) {
    const fs::path& path = entries->path();
    std::error_code unknown;
    if (path.filename().string().starts_with(".") || entries->is_directory(unknown)) continue;
    (fits(path) ? files : others).push_back(path);
  }
  sort_by_name(files);
  sort_by_name(others);
  if (!files.empty() && !others.empty()) {
    log::info("{}: passed over {} of {} files, by their names of other kinds: {}", show(folder), others.size(),
              files.size() + others.size(), some_names(others));
  }
  return files;
}

bool is_driver(const fs::path& path) { return has_clip_suffix(path) || has_template_suffix(path); }

std::vector<fs::path> expand_sources(const std::vector<std::string>& sources) {
  std::vector<fs::path> files;
  for (const fs::path source : sources) {
    std::error_code ec;
    if (!fs::is_directory(source, ec)) {
      files.push_back(source);
      continue;
    }
    const auto inside = files_in(source, has_picture_suffix);
    check(!inside.empty(), ErrorKind::Input, "{}: the folder holds no pictures; give one with PNG or JPEG files",
          show(source));
    files.insert(files.end(), inside.begin(), inside.end());
  }
  return files;
}

std::vector<fs::path> expand_drivings(const std::vector<std::string>& drivings) {
  std::vector<fs::path> files;
  for (const fs::path driving : drivings) {
    std::error_code ec;
    const bool folder = driving != kIdleDriver && fs::is_directory(driving, ec);
    const auto inside = folder ? files_in(driving, is_driver) : std::vector<fs::path>();
    // A folder without clips is one clip itself: its frames.
    if (inside.empty()) files.push_back(driving);
    files.insert(files.end(), inside.begin(), inside.end());
  }
  return files;
}

// Portraits or drivers of one name, from different folders or of different kinds: the second result is called
// a--b-2.mp4, in the order of the files. A pattern of the user's own is not touched.
void number_equal_outputs(std::vector<BatchJob>& jobs) {
  std::set<fs::path> taken;
  for (const BatchJob& job : jobs) taken.insert(comparable(job.output));
  std::set<fs::path> used;
  for (BatchJob& job : jobs) {
    if (used.insert(comparable(job.output)).second) continue;
    const fs::path wanted = job.output;
    for (int number = 2;; ++number) {
      job.output = fitted_path(wanted.parent_path() /
                               fmt::format("{}-{}{}", wanted.stem().string(), number, wanted.extension().string()));
      const fs::path key = comparable(job.output);
      if (taken.insert(key).second) {
        used.insert(key);
        break;
      }
    }
    log::info("{}: the result of {} with {}, because {} has that name already", show(job.output), show(job.source),
              show(job.driving), show(wanted.filename()));
  }
}

}  // namespace

fs::path result_name(const std::string& pattern, const fs::path& source, const fs::path& driving, size_t index) {
  const bool still = names_one_picture(source) && names_one_picture(driving);
  const std::string usual = still ? "{source_name}--{driving_name}.jpg" : "{source_name}--{driving_name}.mp4";
  return OutputPattern(pattern.empty() ? usual : pattern).name(source, driving, index);
}

std::vector<BatchJob> plan_folders(const FolderInputs& inputs) {
  const auto sources = expand_sources(inputs.sources);
  const auto drivings = expand_drivings(inputs.drivings);
  std::vector<BatchJob> jobs;
  jobs.reserve(sources.size() * drivings.size());
  for (const fs::path& driving : drivings) {
    for (const fs::path& source : sources) {
      BatchJob job;
      job.index = jobs.size();
      job.source = source;
      job.driving = driving;
      job.output = fitted_path(inputs.folder / result_name(inputs.pattern, source, driving, job.index));
      job.model = inputs.model;
      job.options = inputs.options;
      jobs.push_back(std::move(job));
    }
  }
  if (inputs.pattern.empty()) number_equal_outputs(jobs);
  check_outputs(jobs);
  return jobs;
}

}  // namespace animate::batch
