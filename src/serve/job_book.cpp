#include "serve/job_book.h"

#include <spdlog/fmt/fmt.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "base/error.h"
#include "base/log.h"
#include "serve/ids.h"
#include "serve/json_file.h"
#include "serve/problem.h"
#include "serve/stored_file.h"

namespace animate::serve {

namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

}  // namespace

// Events of one job. Only the newest state counts: whoever reads slowly misses states, never gets them late.
class JobBook::Watcher : public EventSource {
 public:
  Watcher(JobBook& book, std::string id) : book_(book), id_(std::move(id)) {}

  void start(std::function<void()> wake) override {
    const std::scoped_lock lock(mutex_);
    wake_ = std::move(wake);
  }
  void stop() override {
    const std::scoped_lock lock(mutex_);
    wake_ = nullptr;
  }
  void wake() {
    const std::scoped_lock lock(mutex_);
    if (wake_) wake_();
  }
  const std::string& id() const { return id_; }

  std::optional<std::string> take() override {
    Job job;
    {
      const std::scoped_lock lock(book_.mutex_);
      const auto found = book_.jobs_.find(id_);
      if (over_ || book_.closed_ || found == book_.jobs_.end()) return std::nullopt;
      if (found->second.version == seen_) return "";
      seen_ = found->second.version;
      job = found->second.job;
    }
    over_ = job.over();
    return fmt::format("event: state\ndata: {}\n\n", dump(book_.shown(job)));
  }

 private:
  JobBook& book_;
  std::string id_;
  std::mutex mutex_;
  std::function<void()> wake_;
  uint64_t seen_ = std::numeric_limits<uint64_t>::max();
  bool over_ = false;
};

JobBook::JobBook(fs::path data, DiskSpace& space, size_t most) : data_(std::move(data)), space_(space), most_(most) {
  make_data_folder(data_ / "jobs");
  load();
}

void JobBook::load() {
  std::error_code ec;
  for (fs::directory_iterator entry(data_ / "jobs", ec), end; !ec && entry != end; entry.increment(ec)) {
    const auto json = read_json(entry->path() / "job.json");
    auto job = json ? job_from_json(*json) : std::nullopt;
    if (!job || job->id != entry->path().filename()) {
      // A job that was never answered for: its client has no id of it.
      std::error_code none;
      fs::remove_all(entry->path(), none);
      continue;
    }
    // A result counts once its job says so.
    if (job->result && !fs::exists(entry->path() / job->result->file)) {
      job->result.reset();
      job->state = JobState::Failed;
      job->error = "the result is gone from the server's folder; run the job again";
      job->error_status = 500;
    }
    if (!job->over()) {
      job->state = JobState::Queued;
      job->started = 0;
      job->stage.clear();
      job->done = 0;
      job->total.reset();
    }
    std::error_code none;
    for (const auto& file : fs::directory_iterator(entry->path(), none)) {
      const std::string name = file.path().filename();
      const bool known = name == "job.json" || (job->over() && (name == "report.json" || name == "preview.jpg")) ||
                         (job->result && name == job->result->file);
      if (!known) fs::remove_all(file.path(), none);
    }
    numbers_ = std::max(numbers_, job->number);
    const std::string id = job->id;
    jobs_[id].job = std::move(*job);
  }
}

std::optional<Job> JobBook::with_key(const std::string& owner, const std::string& key,
                                     const std::string& digest) const {
  if (key.empty()) return std::nullopt;
  const std::scoped_lock lock(mutex_);
  for (const auto& [id, entry] : jobs_) {
    const Job& job = entry.job;
    if (job.owner != owner || job.idempotency_key != key) continue;
    if (job.request_digest != digest) {
      throw Refusal(422, "the Idempotency-Key was used for another job; choose a new one for each job");
    }
    return job;
  }
  return std::nullopt;
}

Job JobBook::add(Job job) {
  const std::scoped_lock saving(saving_);
  if (auto same = with_key(job.owner, job.idempotency_key, job.request_digest)) return *same;
  {
    const std::scoped_lock lock(mutex_);
    const auto waiting = std::count_if(jobs_.begin(), jobs_.end(), [&](const auto& entry) {
      return entry.second.job.owner == job.owner && !entry.second.job.over();
    });
    if (static_cast<size_t>(waiting) >= most_) {
      throw Refusal(429, fmt::format("{} jobs wait already; try again when some are done", waiting));
    }
    job.id = new_id();
    job.number = ++numbers_;
    job.created = seconds_since_1970();
    job.state = JobState::Queued;
  }
  std::error_code ec;
  fs::create_directory(folder(job.id), ec);
  if (ec) throw cannot_store(ec);
  try {
    write_json(folder(job.id) / "job.json", to_json(job));
  } catch (const Error&) {
    fs::remove_all(folder(job.id), ec);
    throw;
  }
  {
    const std::scoped_lock lock(mutex_);
    jobs_[job.id].job = job;
  }
  changed_.notify_all();
  return job;
}

std::optional<Job> JobBook::find(const std::string& id, const std::string& owner) const {
  const std::scoped_lock lock(mutex_);
  const auto found = jobs_.find(id);
  if (found == jobs_.end() || found->second.job.owner != owner) return std::nullopt;
  return found->second.job;
}

Job JobBook::get(const std::string& id, const std::string& owner) const {
  auto job = find(id, owner);
  if (!job) throw Refusal(404, "no such job is here; GET /api/v1/jobs lists them");
  return std::move(*job);
}

std::vector<Job> JobBook::list(const std::string& owner) const {
  std::vector<Job> jobs;
  {
    const std::scoped_lock lock(mutex_);
    for (const auto& [id, entry] : jobs_) {
      if (entry.job.owner == owner) jobs.push_back(entry.job);
    }
  }
  std::sort(jobs.begin(), jobs.end(), [](const Job& a, const Job& b) { return a.number > b.number; });
  return jobs;
}

std::vector<Job> JobBook::older_than(int64_t time) const {
  const std::scoped_lock lock(mutex_);
  std::vector<Job> jobs;
  for (const auto& [id, entry] : jobs_) {
    if (entry.job.over() && entry.job.finished < time) jobs.push_back(entry.job);
  }
  return jobs;
}

bool JobBook::uses(const std::string& file) const {
  const std::scoped_lock lock(mutex_);
  return std::any_of(jobs_.begin(), jobs_.end(), [&](const auto& entry) {
    const Job& job = entry.second.job;
    return !job.over() && (job.source.id == file || job.driving.id == file);
  });
}

// Whose turn it is: the owner who was served longest ago, and of this owner the oldest job.
std::optional<std::string> JobBook::next_id() const {
  const Job* next = nullptr;
  const auto served = [this](const Job& job) {
    const auto found = served_.find(job.owner);
    return found == served_.end() ? 0 : found->second;
  };
  for (const auto& [id, entry] : jobs_) {
    const Job& job = entry.job;
    if (job.state != JobState::Queued) continue;
    if (next == nullptr || std::pair(served(job), job.number) < std::pair(served(*next), next->number)) next = &job;
  }
  return next == nullptr ? std::nullopt : std::optional(next->id);
}

std::optional<JobBook::Taken> JobBook::take(std::stop_token stop) {
  Taken taken;
  {
    std::unique_lock lock(mutex_);
    std::optional<std::string> id;
    changed_.wait(lock, stop, [&] { return (id = next_id()).has_value(); });
    if (stop.stop_requested() || closed_ || !id) return std::nullopt;
    Entry& entry = jobs_[*id];
    entry.job.state = JobState::Running;
    entry.job.started = seconds_since_1970();
    served_[entry.job.owner] = ++turns_;
    entry.stop = std::stop_source();
    ++entry.version;
    taken = {entry.job, entry.stop.get_token()};
  }
  save(taken.job.id);
  wake(taken.job.id);
  wake({});  // everybody's place in the queue
  return taken;
}

void JobBook::change(const std::string& id, const std::function<void(Job&)>& how, bool keep) {
  {
    const std::scoped_lock lock(mutex_);
    const auto found = jobs_.find(id);
    if (found == jobs_.end()) return;
    how(found->second.job);
    ++found->second.version;
  }
  if (keep) save(id);
  wake(id);
}

void JobBook::save(const std::string& id) {
  const std::scoped_lock saving(saving_);
  Job job;
  {
    const std::scoped_lock lock(mutex_);
    const auto found = jobs_.find(id);
    if (found == jobs_.end()) return;
    job = found->second.job;
  }
  try {
    write_json(folder(id) / "job.json", to_json(job));
  } catch (const Error& error) {
    log::warn("{}", error.what());  // the state in memory holds until the next start
  }
}

// An empty id means all.
void JobBook::wake(const std::string& id) {
  std::vector<std::shared_ptr<Watcher>> woken;
  {
    const std::scoped_lock lock(mutex_);
    std::erase_if(watchers_, [](const auto& watcher) { return watcher.expired(); });
    for (const auto& weak : watchers_) {
      auto watcher = weak.lock();
      if (!watcher) continue;
      const auto found = jobs_.find(watcher->id());
      const bool queued = found != jobs_.end() && found->second.job.state == JobState::Queued;
      if (id.empty() && queued) ++found->second.version;
      if (watcher->id() == id || (id.empty() && queued)) woken.push_back(std::move(watcher));
    }
  }
  for (const auto& watcher : woken) watcher->wake();
}

Job JobBook::cancel(const std::string& id, const std::string& owner) {
  get(id, owner);
  bool queued = false;
  {
    const std::scoped_lock lock(mutex_);
    Entry& entry = jobs_[id];
    queued = entry.job.state == JobState::Queued;
    if (queued) {
      entry.job.state = JobState::Cancelled;
      entry.job.finished = seconds_since_1970();
      ++entry.version;
    } else if (entry.job.state == JobState::Running) {
      entry.stop.request_stop();
    }
  }
  if (queued) {
    save(id);
    wake(id);
    wake({});
  }
  return get(id, owner);
}

void JobBook::remove(const std::string& id, const std::string& owner) {
  if (!get(id, owner).over()) throw Refusal(409, "the job is not over; cancel it first");
  if (uses(id)) throw Refusal(409, "a job that waits takes this result; cancel that job first");
  const std::scoped_lock saving(saving_);
  {
    const std::scoped_lock lock(mutex_);
    jobs_.erase(id);
  }
  const uint64_t bytes = bytes_below(folder(id));
  std::error_code ec;
  // Without this file the rest is no job, and goes at the next start.
  fs::remove(folder(id) / "job.json", ec);
  fs::remove_all(folder(id), ec);
  space_.give_back(bytes);
}

size_t JobBook::ahead_of(const Job& job) const {
  // Counted by playing the turns through.
  struct Waiting {
    std::string owner;
    uint64_t number;
  };
  std::vector<Waiting> waiting;
  size_t ahead = 0;
  for (const auto& [id, entry] : jobs_) {
    if (entry.job.state == JobState::Queued) waiting.push_back({entry.job.owner, entry.job.number});
    if (entry.job.state == JobState::Running) ++ahead;
  }
  auto served = served_;
  uint64_t turn = turns_;
  while (!waiting.empty()) {
    const auto next = std::min_element(waiting.begin(), waiting.end(), [&](const Waiting& a, const Waiting& b) {
      return std::pair(served[a.owner], a.number) < std::pair(served[b.owner], b.number);
    });
    if (next->number == job.number) break;
    served[next->owner] = ++turn;
    ++ahead;
    waiting.erase(next);
  }
  return ahead;
}

Json JobBook::shown(const Job& job) const {
  if (job.state != JobState::Queued) return shown_json(job, std::nullopt);
  const std::scoped_lock lock(mutex_);
  return shown_json(job, ahead_of(job));
}

std::shared_ptr<EventSource> JobBook::events(const std::string& id, const std::string& owner) {
  get(id, owner);
  auto watcher = std::make_shared<Watcher>(*this, id);
  const std::scoped_lock lock(mutex_);
  watchers_.push_back(watcher);
  return watcher;
}

void JobBook::close() {
  std::vector<std::shared_ptr<Watcher>> woken;
  {
    const std::scoped_lock lock(mutex_);
    closed_ = true;
    for (auto& [id, entry] : jobs_) entry.stop.request_stop();
    for (const auto& weak : watchers_) {
      if (auto watcher = weak.lock()) woken.push_back(std::move(watcher));
    }
  }
  changed_.notify_all();
  for (const auto& watcher : woken) watcher->wake();
}

}  // namespace animate::serve
