#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "animate/job.h"
#include "catalog/option_rows.h"

namespace animate::report {

// Everything that a report tells of one job. Whoever runs jobs fills in what is known; the rest is left out.
struct JobRecord {
  AnimateJob job;
  std::vector<std::string> command;  // the words of the command line
  // Of a job that has options beside an animation's: all of them are told. They point into the job, which must live.
  std::vector<catalog::OptionRow> own_options;
  std::optional<ModelFacts> model;        // once it is loaded
  std::optional<AnimateSummary> summary;  // also of a job that StrictError refused
  std::string error;                      // empty: the job went well
  bool cancelled = false;
};

// The report as JSON text: over several lines, or on one for JSON lines. Reads the inputs and the result once more to
// hash them; what cannot be read is said in its place. Bytes that are no UTF-8 are replaced.
std::string report_json(const JobRecord& record, bool one_line = false);

// A report file around a job. The file is written in whole or not at all, also when the job fails.
class JobReport {
 public:
  // An empty path: no report is written. Throws Error when the file cannot be created there, or is one of the job's own
  // files (Usage), before any work is done.
  JobReport(std::filesystem::path path, AnimateJob job);

  // For what becomes known during the job.
  JobRecord& record() { return record_; }
  // Runs the job and keeps its summary, or what went wrong; writes the report; then returns or throws as `action` did.
  AnimateSummary run(const std::function<AnimateSummary()>& action);

 private:
  void write() const;

  std::filesystem::path path_;
  JobRecord record_;
};

}  // namespace animate::report
