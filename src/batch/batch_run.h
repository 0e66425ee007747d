#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "animate/dream.h"
#include "animate/model.h"
#include "batch/job_plan.h"
#include "batch/shard.h"

namespace animate::batch {

struct BatchSettings {
  std::filesystem::path folder;  // where the report lies
  Shard shard;
  size_t jobs = 1;         // side by side
  bool overwrite = false;  // also what is finished
};

// How one job ended.
struct JobOutcome {
  enum class Status { Done, Failed, Skipped };
  const BatchJob* job = nullptr;
  Status status = Status::Done;
  std::string message;  // why it failed, or why it was done again
  double seconds = 0;   // wall clock, with reading the driver's motion where this job did that
  int64_t frames = 0;
  std::string model;
  // Where the driver's motion came from: "extracted" and stored by this job, "reused", or "direct": the driver was used
  // itself, because no other job shares it or the options need its pictures; "none": of a dream.
  std::string motion;
  size_t number = 0;  // of this run's jobs, from 1
  size_t total = 0;
};

struct BatchTotals {
  size_t done = 0;
  size_t failed = 0;
  size_t skipped = 0;
  size_t left = 0;  // not begun, because the run was stopped
  std::vector<std::string> failures;
  std::string stopped;  // why it ended early: a full disk; empty otherwise
  bool interrupted = false;
  std::filesystem::path report;
};

// What the run needs from outside.
struct BatchHost {
  // The library's functions of these names; called once there is something to do.
  std::function<void(const AnimateJob&)> check_job;
  std::function<std::shared_ptr<const Model>(const ModelSpec&, const RuntimeOptions&)> open_model;
  std::function<std::unique_ptr<Dreamer>()> make_dreamer;    // the same; of manifests with dreams
  std::function<std::unique_ptr<Progress>()> make_progress;  // for each job
  std::function<void(const JobOutcome&)> tell;               // after each job, never by two threads at once
};

// Runs the shard's part of the plan. A job that fails does not stop the others; a full disk stops all, and so does
// `stop`. Jobs whose result is there, made from the same files with the same options, are skipped.
// Throws Error(Input) when the report cannot be written or the only model cannot be loaded, Error(Usage) when the first
// job that has readable files shows that flags contradict each other.
BatchTotals run_batch(const std::vector<BatchJob>& plan, const BatchSettings& settings, const BatchHost& host,
                      std::stop_token stop);

}  // namespace animate::batch
