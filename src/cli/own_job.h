#pragma once

#include <cstdio>
#include <stop_token>
#include <string>
#include <utility>

#include "catalog/option_rows.h"
#include "cli/progress_display.h"
#include "report/job_report.h"

namespace animate::cli {

// Runs a job that no driver moves and that has options of its own (faces, dreams), with its report, and prints the
// result's path. `make_maker` gives what checks and makes it, once the report's place is known to be good.
template <typename Job, typename MakeMaker>
void run_own_job(Job& job, AnimateJob told, const std::string& report_file, const std::string& progress_mode,
                 const MakeMaker& make_maker, std::stop_token stop) {
  told.output = job.output;
  told.options.output = job.writing;
  told.options.runtime = job.runtime;
  report::JobReport report(report_file, std::move(told));
  for (const catalog::OptionRow& row : catalog::rows_of(job.options)) report.record().own_options.push_back(row);
  const AnimateSummary summary = report.run([&] {
    const auto maker = make_maker();
    maker->check(job);
    const auto progress = make_progress(progress_mode);
    auto result = maker->make(job, *progress, stop);
    report.record().model = std::move(result.model);
    return result.summary;
  });
  std::puts(summary.output.c_str());
}

}  // namespace animate::cli
