#include "batch/job_plan.h"

#include <map>

#include "base/error.h"

namespace animate::batch {
namespace {

namespace fs = std::filesystem;

// "a.jpg with b.mp4", or where the manifest says it.
std::string describe(const BatchJob& job) {
  return job.origin.empty() ? fmt::format("{} with {}", show(job.source), show(job.driving)) : job.origin;
}

}  // namespace

fs::path comparable(const fs::path& path) {
  std::error_code ec;
  const fs::path whole = fs::absolute(path, ec).lexically_normal();
  const fs::path folder = fs::weakly_canonical(whole.parent_path(), ec);
  return ec ? whole : folder / whole.filename();
}

void check_outputs(const std::vector<BatchJob>& jobs) {
  std::map<fs::path, const BatchJob*> writers;
  for (const BatchJob& job : jobs) {
    if (job.output.empty()) continue;
    const auto [known, added] = writers.emplace(comparable(job.output), &job);
    const char* remedy = job.origin.empty() ? "tell them apart with --pattern, as in "
                                              "{source_name}{source_extension}--{driving_name}.mp4"
                                            : "give each an output of its own";
    check(added, ErrorKind::Usage, "{}: two jobs would write it, {} and {}; {}", show(job.output),
          describe(*known->second), describe(job), remedy);
  }
  std::map<fs::path, fs::path> seen;  // every input is looked at once
  for (const BatchJob& job : jobs) {
    std::vector<fs::path> inputs{job.source, job.driving};
    inputs.insert(inputs.end(), job.targets.begin(), job.targets.end());
    for (const fs::path& input : inputs) {
      if (input.empty() || input == kIdleDriver) continue;
      const auto [entry, added] = seen.emplace(input, fs::path());
      if (!added) continue;
      entry->second = comparable(input);
      const auto writer = writers.find(entry->second);
      if (writer == writers.end()) continue;
      fail(ErrorKind::Usage, "{}: is read by one job and would be overwritten by {}; choose another output",
           show(input), describe(*writer->second));
    }
  }
}

}  // namespace animate::batch
