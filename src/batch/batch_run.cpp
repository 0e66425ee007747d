#include "batch/batch_run.h"

#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <mutex>
#include <thread>

#include "base/error.h"
#include "base/log.h"
#include "base/stopwatch.h"
#include "base/threads.h"
#include "batch/batch_folder.h"
#include "batch/dream_line.h"
#include "batch/job_keys.h"
#include "batch/motion_store.h"

namespace animate::batch {
namespace {

namespace fs = std::filesystem;
using Status = JobOutcome::Status;

const char* word_of(Status status) {
  return status == Status::Done ? "done" : status == Status::Failed ? "failed" : "skipped";
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  if (from.empty()) return text;
  for (size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

// Jobs that share a loaded model.
std::string model_key(const BatchJob& job) {
  const std::string kind = job.dream ? kDreamKind : "";
  return kind + '\n' + job.model.model + '\n' + job.model.config.string() + '\n' + loading_key(job.options);
}

// With several jobs side by side each gets its part of the cores, unless --threads says otherwise.
RuntimeOptions loading_settings(const BatchJob& job, size_t workers) {
  RuntimeOptions options = job.options.runtime;
  if (options.threads == 0 && workers > 1) {
    options.threads = std::max<int64_t>(1, usable_cores() / static_cast<int64_t>(workers));
  }
  return options;
}

class Batch {
 public:
  Batch(const std::vector<BatchJob>& plan, const BatchSettings& settings, const BatchHost& host, std::stop_token stop)
      : settings_(settings), host_(host), stop_(std::move(stop)), report_(settings.folder, settings.shard) {
    totals_.report = report_.path();
    jobs_ = survey_folder(plan, report_, settings_);
  }

  BatchTotals run() {
    std::vector<const PlannedJob*> pending;
    std::vector<const BatchJob*> drivers;
    report_.reserve(jobs_.size());
    for (const PlannedJob& planned : jobs_) {
      if (planned.finished || !planned.fault.empty()) continue;
      pending.push_back(&planned);
      drivers.push_back(planned.job);
    }
    if (!pending.empty()) prepare(pending, drivers);
    for (const PlannedJob& planned : jobs_) {
      const std::string model = planned.facts.is_null() ? "" : planned.facts["model"]["name"].get<std::string>();
      if (planned.finished) settle({planned.job, Status::Skipped, "", 0, 0, model, "", 0, 0}, planned);
      if (!planned.fault.empty()) settle({planned.job, Status::Failed, planned.fault, 0, 0, "", "", 0, 0}, planned);
    }
    // Jobs that share a model follow each other, in their order; from folders that is all of them.
    std::stable_sort(pending.begin(), pending.end(),
                     [](auto* a, auto* b) { return model_key(*a->job) < model_key(*b->job); });
    for (size_t first = 0; first < pending.size() && !ended();) {
      size_t last = first + 1;
      while (last < pending.size() && model_key(*pending[last]->job) == model_key(*pending[first]->job)) ++last;
      run_group({pending.begin() + static_cast<ptrdiff_t>(first), pending.begin() + static_cast<ptrdiff_t>(last)});
      first = last;
    }
    totals_.interrupted = stop_.stop_requested();
    totals_.left = jobs_.size() - totals_.done - totals_.failed - totals_.skipped;
    return std::move(totals_);
  }

 private:
  bool ended() const { return full_disk_ || stop_.stop_requested(); }

  void prepare(const std::vector<const PlannedJob*>& pending, const std::vector<const BatchJob*>& drivers) {
    motion_.emplace(settings_.folder, settings_.shard);
    motion_->expect(drivers);
    for (const PlannedJob* planned : pending) {
      make_folder(planned->job->output);
      if (!planned->job->origin.empty()) continue;
      try {
        host_.check_job(task_of(*planned->job));
        break;
      } catch (const Error& error) {
        // Contradicting flags concern all jobs, a bad file only this one.
        if (error.kind() == ErrorKind::Usage) throw;
      }
    }
  }

  static AnimateJob task_of(const BatchJob& job) {
    AnimateJob task{job.source, job.driving, job.output, job.options};
    task.targets = job.targets;
    return task;
  }

  static void make_folder(const fs::path& output) {
    std::error_code ec;
    if (output.has_parent_path()) fs::create_directories(output.parent_path(), ec);
  }

  void run_group(const std::vector<const PlannedJob*>& group) {
    if (group.front()->job->dream) return run_dreams(group);
    const size_t workers = std::min(settings_.jobs, group.size());
    std::shared_ptr<const Model> model;
    try {
      const BatchJob& first = *group.front()->job;
      ModelSpec spec = first.model;
      spec.fomm = first.options.fomm;
      model = host_.open_model(spec, loading_settings(first, workers));
    } catch (const Error& error) {
      if (group.front()->job->origin.empty() || error.kind() == ErrorKind::Cancelled) throw;
      for (const PlannedJob* planned : group) {
        settle({planned->job, Status::Failed, error.what(), 0, 0, "", "", 0, 0}, *planned);
      }
      return;
    }
    std::atomic<size_t> next = 0;
    std::exception_ptr fault;
    const auto work = [&] {
      try {
        for (size_t i = next++; i < group.size() && !ended(); i = next++) run_job(*group[i], *model);
      } catch (...) {
        const std::scoped_lock lock(mutex_);
        if (!fault) fault = std::current_exception();
        next = group.size();
      }
    };
    {
      std::vector<std::jthread> others;
      for (size_t i = 1; i < workers; ++i) others.emplace_back(work);
      work();
    }
    if (fault) std::rethrow_exception(fault);
  }

  // One after the other: side by side their networks would take the memory of each.
  void run_dreams(const std::vector<const PlannedJob*>& group) {
    const auto dreamer = host_.make_dreamer();
    for (const PlannedJob* planned : group) {
      if (ended()) return;
      const BatchJob& job = *planned->job;
      JobOutcome outcome{&job, Status::Failed, planned->again, 0, 0, "", "none", 0, 0};
      outcome.model = planned->facts["model"]["name"].get<std::string>();
      attempt(*planned, outcome, job.source, job.source, [&] {
        const auto progress = host_.make_progress();
        const DreamJob dream{job.model, job.source, job.output, *job.dream, job.options.output, job.options.runtime};
        return dreamer->make(dream, *progress, stop_).summary;
      });
    }
  }

  void run_job(const PlannedJob& planned, const Model& model) {
    const BatchJob& job = *planned.job;
    JobOutcome outcome{&job, Status::Failed, planned.again, 0, 0, model.name(), "direct", 0, 0};
    AnimateJob task = task_of(job);
    attempt(planned, outcome, task.driving, job.driving, [&] {
      host_.check_job(task);
      const auto progress = host_.make_progress();
      if (const auto stored = motion_->motion_of(job, model, *progress, stop_)) {
        outcome.motion = stored->fresh ? "extracted" : "reused";
        task.driving = stored->path;
        // The template begins where the driver was cut, and has its times.
        const Switch deinterlace = task.options.driving.deinterlace;
        task.options.driving = DrivingOptions();
        task.options.driving.deinterlace = deinterlace;
      }
      return model.run(task, *progress, stop_);
    });
  }

  // Does the work of one job and settles it. In sentences about it `used` is called `shown`: a driver's stored motion
  // lies in a file that nobody knows.
  void attempt(const PlannedJob& planned, JobOutcome& outcome, const fs::path& used, const fs::path& shown,
               const std::function<AnimateSummary()>& work) {
    const BatchJob& job = *planned.job;
    if (!planned.again.empty()) log::info("{}: is made again ({})", show(job.output), planned.again);
    const Stopwatch watch;
    try {
      make_folder(job.output);
      const AnimateSummary summary = work();
      outcome.status = Status::Done;
      outcome.frames = summary.frames;
    } catch (const Error& error) {
      if (error.kind() == ErrorKind::Cancelled) return;
      outcome.message = replaced(error.what(), show(used), show(shown));
      if (error.kind() == ErrorKind::DiskFull) stop_for_full_disk(outcome.message);
    }
    outcome.seconds = watch.seconds();
    settle(outcome, planned);
  }

  void stop_for_full_disk(const std::string& message) {
    const std::scoped_lock lock(mutex_);
    if (totals_.stopped.empty()) totals_.stopped = message;
    full_disk_ = true;
  }

  // Counts, reports and tells how a job ended.
  void settle(JobOutcome outcome, const PlannedJob& planned) {
    const std::scoped_lock lock(mutex_);
    outcome.number = ++settled_;
    outcome.total = jobs_.size();
    nlohmann::ordered_json line{{"source", outcome.job->source.string()},
                                {"driving", outcome.job->driving.string()},
                                {"output", outcome.job->output.string()},
                                {"status", word_of(outcome.status)},
                                {"message", outcome.message},
                                {"seconds", std::round(outcome.seconds * 1000) / 1000},
                                {"frames", outcome.frames},
                                {"model", outcome.model},
                                {"motion", outcome.motion}};
    if (outcome.job->dream) line["kind"] = kDreamKind;
    for (const fs::path& target : outcome.job->targets) line["targets"].push_back(target.string());
    if (!outcome.job->origin.empty()) line["manifest"] = outcome.job->origin;
    if (outcome.status == Status::Done) {
      line["result"] = report_.output_key(outcome.job->output);
      line["made_from"] = planned.facts;
      ++totals_.done;
    } else if (outcome.status == Status::Skipped) {
      ++totals_.skipped;
    } else {
      ++totals_.failed;
      totals_.failures.push_back(outcome.message);
    }
    try {
      report_.append(std::move(line));
    } catch (const Error& error) {
      // The disk is full: the job's own sentence is the one to tell.
      if (!full_disk_) throw;
      log::debug("{}", error.what());
    }
    host_.tell(outcome);
  }

  const BatchSettings& settings_;
  const BatchHost& host_;
  std::stop_token stop_;
  BatchReport report_;
  std::vector<PlannedJob> jobs_;
  std::optional<MotionStore> motion_;
  std::mutex mutex_;
  size_t settled_ = 0;
  std::atomic<bool> full_disk_ = false;
  BatchTotals totals_;
};

}  // namespace

BatchTotals run_batch(const std::vector<BatchJob>& plan, const BatchSettings& settings, const BatchHost& host,
                      std::stop_token stop) {
  return Batch(plan, settings, host, std::move(stop)).run();
}

}  // namespace animate::batch
