#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace animate::serve {

enum class JobState { Queued, Running, Done, Failed, Cancelled };

std::string word_of(JobState state);

// A file that a job takes, by what it is and what people call it.
struct JobInput {
  std::string id;  // of an uploaded file, or of a job whose result it is; empty: none
  std::string name;
};

struct JobResult {
  std::string file;  // in the job's folder: "result.mp4"
  std::string name;  // proposed for a download
  uint64_t bytes = 0;
  int64_t width = 0, height = 0, frames = 0;
  double seconds = 0;  // that it took
};

struct Job {
  std::string id;
  std::string owner;
  std::string kind;
  std::string batch;  // jobs that were asked for together; empty: alone
  JobState state = JobState::Queued;
  uint64_t number = 0;                             // in the order they were asked for
  int64_t created = 0, started = 0, finished = 0;  // seconds since 1970; 0: not yet
  JobInput source, driving;
  std::string model;                                  // empty: the server's own
  nlohmann::json options = nlohmann::json::object();  // as the client gave them
  std::string format;                                 // of the result, a suffix: ".mp4"
  std::string idempotency_key, request_digest;
  std::string stage;
  int64_t done = 0;
  std::optional<int64_t> total;
  std::optional<double> seconds_left;
  std::vector<std::string> warnings;
  std::string error;  // why it failed
  int error_status = 0;
  std::optional<JobResult> result;

  bool over() const { return state == JobState::Done || state == JobState::Failed || state == JobState::Cancelled; }
};

// What is kept in job.json; nullopt for what is not such a document.
nlohmann::ordered_json to_json(const Job& job);
std::optional<Job> job_from_json(const nlohmann::ordered_json& json);
// What a client sees. `ahead`: jobs that run before it; of queued ones only.
nlohmann::ordered_json shown_json(const Job& job, std::optional<size_t> ahead);

}  // namespace animate::serve
