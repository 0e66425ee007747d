#pragma once

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "serve/disk_space.h"
#include "serve/job.h"
#include "serve/message.h"

namespace animate::serve {

// All jobs: data/jobs/ID/{job.json, result.*, report.json, preview.jpg}. What was queued or running when the server
// went is queued again when it comes. Jobs of one owner are not there for another. Thread-safe.
class JobBook {
 public:
  // Reads what is there, removes what was half-written. `most`: jobs an owner may have waiting.
  JobBook(std::filesystem::path data, DiskSpace& space, size_t most);

  // Queues a job, which gets its id and number here. One with the idempotency key of an earlier job of the owner's is
  // that job; throws Refusal(422) where it was asked for otherwise. Throws Refusal(429) where too many wait.
  Job add(Job job);
  // The job of this key, where there is one.
  std::optional<Job> with_key(const std::string& owner, const std::string& key, const std::string& digest) const;

  Job get(const std::string& id, const std::string& owner) const;  // throws Refusal(404)
  std::optional<Job> find(const std::string& id, const std::string& owner) const;
  std::vector<Job> list(const std::string& owner) const;  // newest first
  // As a client sees it, with its place in the queue.
  nlohmann::ordered_json shown(const Job& job) const;
  bool uses(const std::string& file) const;  // a job that is not over takes this file, or this job's result

  // Waits for the next job, whose turn it is: owners take turns, each owner's jobs come in order. It is running from
  // then on; nullopt: `stop` was requested.
  struct Taken {
    Job job;
    std::stop_token cancelled;
  };
  std::optional<Taken> take(std::stop_token stop);
  // Changes a job and tells those who watch it; written to disk where `keep`.
  void change(const std::string& id, const std::function<void(Job&)>& how, bool keep);

  // Cancels what is not over. Throws Refusal(404).
  Job cancel(const std::string& id, const std::string& owner);
  // Removes a job that is over with all its files. Throws Refusal(404), Refusal(409).
  void remove(const std::string& id, const std::string& owner);
  std::vector<Job> older_than(int64_t time) const;  // that are over

  std::filesystem::path folder(const std::string& id) const { return data_ / "jobs" / id; }
  // Server-sent events of one job: its state at once and after every change, until it is over.
  std::shared_ptr<EventSource> events(const std::string& id, const std::string& owner);
  // Ends all streams of events.
  void close();

 private:
  class Watcher;
  struct Entry {
    Job job;
    uint64_t version = 0;
    std::stop_source stop;
  };

  std::optional<std::string> next_id() const;
  size_t ahead_of(const Job& job) const;
  void wake(const std::string& id);
  void save(const std::string& id);
  void load();

  std::filesystem::path data_;
  DiskSpace& space_;
  size_t most_;
  std::mutex saving_;  // held outside mutex_: what is on disk is never older than what was written before
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::map<std::string, Entry> jobs_;
  std::map<std::string, uint64_t> served_;  // owner -> when last, counted
  std::vector<std::weak_ptr<Watcher>> watchers_;
  uint64_t numbers_ = 0;
  uint64_t turns_ = 0;
  bool closed_ = false;
};

}  // namespace animate::serve
