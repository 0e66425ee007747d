#include <spdlog/fmt/fmt.h>

#include <cstdio>
#include <filesystem>
#include <map>
#include <utility>

#include "base/counted.h"
#include "base/error.h"
#include "base/log.h"
#include "batch/batch_run.h"
#include "batch/folder_jobs.h"
#include "batch/manifest.h"
#include "cli/command.h"
#include "cli/common_flags.h"
#include "cli/engine_loader.h"
#include "cli/number_range.h"
#include "cli/progress_display.h"

namespace animate::cli {
namespace {

constexpr const char* kBatchExamples =
    R"(Run the same command again after a crash, a full disk or Ctrl-C: what is finished is skipped, what failed is tried again.
report.jsonl in the output folder has a line for every job.

Examples:
  animate batch -s portraits/ -d talking.mp4 -o results/
  animate batch -s a.jpg b.jpg -d smile.mp4 wink.pkl -o results/ --pattern "{driving_name}/{source_name}.webm"
  animate batch --manifest jobs.jsonl
      a line is one job: {"source": "a.jpg", "driving": "b.mp4", "output": "c.mp4", "crf": 20}
      or a clip without a driver: {"kind": "dream", "source": "a.jpg", "output": "a.mp4", "model": "svd", "seed": 3}
  animate batch -s portraits/ -d talking.mp4 -o /shared/results --shard 1/4     (on the first of four machines)
)";

void tell(const batch::JobOutcome& outcome) {
  using Status = batch::JobOutcome::Status;
  const std::string place = fmt::format("[{}/{}]", outcome.number, outcome.total);
  if (outcome.status == Status::Done) {
    log::info("{} {}: {} in {:.1f} s, motion {}", place, show(outcome.job->output), counted(outcome.frames, "frame"),
              outcome.seconds, outcome.motion);
    std::puts(outcome.job->output.c_str());
    std::fflush(stdout);
  } else if (outcome.status == Status::Skipped) {
    log::debug("{} {}: is finished already", place, show(outcome.job->output));
  } else {
    log::info("{} failed: {}", place, outcome.message);
  }
}

// animate batch: portraits by drivers, or a manifest of jobs, with one loaded model.
class BatchCommand : public Command {
 public:
  void declare(CLI::App& app) override {
    app.footer(kBatchExamples);
    app.add_option("-s,--source", sources_, "pictures, or folders of them: every one with every driver")
        ->option_text("FOLDER|FILE…")
        ->group("Files");
    app.add_option("-d,--driving", drivings_, "drivers: clips, motion templates, folders of frames or of clips")
        ->option_text("FILE…")
        ->group("Files");
    app.add_option("-o,--output", output_, "folder of the results and report.jsonl; is made where it is absent")
        ->option_text("FOLDER")
        ->group("Files");
    app.add_option("--manifest", manifest_,
                   "jobs as JSON objects, one a line, instead of -s and -d; any long flag may be a key")
        ->option_text("FILE.jsonl")
        ->group("Files");
    app.add_option("--pattern", pattern_,
                   "names of the results, with {source_name} {driving_name} {source_extension} {driving_extension} "
                   "{index}; default {source_name}--{driving_name}.mp4")
        ->option_text("NAME")
        ->group("Batch");
    app.add_option("--jobs", jobs_, "jobs side by side, which share the model and the cores")
        ->check(number_range(1, 1024))
        ->option_text("N [1]")
        ->group("Batch");
    app.add_option("--shard", shard_, "do only part I of N, so that N machines do all together")
        ->option_text("I/N")
        ->group("Batch");
    app.add_flag("--overwrite", overwrite_, "make finished results again")->group("Batch");
    add_model_flags(app, model_);
    // Here --overwrite has a meaning of its own: what is there already was made by this batch, or is told as changed.
    auto rows = catalog::rows_of(options_);
    std::erase_if(rows, [](const catalog::OptionRow& row) { return row.name() == "overwrite"; });
    bind_options(app, rows);
    add_progress_flag(app, progress_, "; none with --jobs above 1");
  }

  void run(std::stop_token stop) override {
    batch::BatchSettings settings;
    settings.shard = batch::parse_shard(shard_);
    settings.jobs = static_cast<size_t>(jobs_);
    settings.overwrite = overwrite_;
    settings.folder = output_.empty() ? std::filesystem::path(manifest_).parent_path() : std::filesystem::path(output_);
    const auto plan = make_plan();
    batch::BatchHost host;
    // The engine is loaded by the first job that has something to do.
    host.check_job = [](const AnimateJob& job) { engine().check_job(job); };
    host.open_model = [](const ModelSpec& spec, const RuntimeOptions& options) {
      return engine().open_model(spec, options);
    };
    host.make_dreamer = [] { return engine().make_dreamer(); };
    host.make_progress = [this] { return make_progress(jobs_ > 1 ? "none" : progress_); };
    host.tell = tell;
    finish(run_batch(plan, settings, host, stop));
  }

 private:
  std::vector<batch::BatchJob> make_plan() const {
    if (!manifest_.empty()) {
      check(sources_.empty() && drivings_.empty(), ErrorKind::Usage,
            "--manifest: the jobs' files stand in it; leave out -s and -d");
      return batch::read_manifest(manifest_, {output_, pattern_, model_, options_});
    }
    check(!sources_.empty() && !drivings_.empty() && !output_.empty(), ErrorKind::Usage,
          "{} is missing; give portraits, drivers and a folder: animate batch -s portraits/ -d driving.mp4 -o results/",
          sources_.empty()    ? "-s SOURCE"
          : drivings_.empty() ? "-d DRIVING"
                              : "-o FOLDER");
    return batch::plan_folders({sources_, drivings_, output_, pattern_, model_, options_});
  }

  // One sentence for each kind of failure: jobs that failed for the same reason, as with one bad portrait, share it.
  static void list_failures(const std::vector<std::string>& failures) {
    std::map<std::string, size_t> times;
    for (const std::string& failure : failures) ++times[failure];
    for (const std::string& failure : failures) {
      const size_t count = std::exchange(times[failure], 0);
      if (count == 1) log::error("{}", failure);
      if (count > 1) log::error("{} ({} jobs)", failure, count);
    }
  }

  static void finish(const batch::BatchTotals& totals) {
    list_failures(totals.failures);
    const std::string counts =
        fmt::format("{} done, {} skipped as finished, {} failed", totals.done, totals.skipped, totals.failed);
    check(!totals.interrupted, ErrorKind::Cancelled, "interrupted: {}, {} left; the same command goes on from here",
          counts, totals.left);
    check(totals.stopped.empty(), ErrorKind::Input, "{}, {} left: the disk is full; free some space and run again",
          counts, totals.left);
    check(totals.failed == 0, ErrorKind::Input, "{}; {} has a line for each, and the same command tries them again",
          counts, show(totals.report));
    log::info("{}; {} has a line for each", counts, show(totals.report));
  }

  std::vector<std::string> sources_;
  std::vector<std::string> drivings_;
  std::string output_;
  std::string manifest_;
  std::string pattern_;
  int64_t jobs_ = 1;
  std::string shard_;
  bool overwrite_ = false;
  ModelSpec model_;
  AnimateOptions options_;
  std::string progress_ = "auto";
};

}  // namespace

std::unique_ptr<Command> make_batch_command() { return std::make_unique<BatchCommand>(); }

}  // namespace animate::cli
