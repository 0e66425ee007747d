#include "serve/device.h"

#include <exception>
#include <utility>

#include "base/log.h"

namespace animate::serve {

Device::Device() : thread_([this] { work(); }) {}

Device::~Device() { close(); }

void Device::close() {
  std::list<Task> left;
  {
    const std::scoped_lock lock(mutex_);
    stopped_ = true;
    left.swap(waiting_);
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
  for (const Task& task : left) {
    if (task.dropped) task.dropped();
  }
}

void Device::post(Task task) {
  Task old;
  bool refused = false;
  {
    const std::scoped_lock lock(mutex_);
    refused = stopped_;
    if (refused) {
      old = std::move(task);
    } else {
      auto place = waiting_.begin();
      while (place != waiting_.end() && place->client != task.client) ++place;
      if (place != waiting_.end()) {
        // The client keeps its place: else whoever sends often would never be served.
        old = std::exchange(*place, std::move(task));
      } else {
        waiting_.push_back(std::move(task));
      }
    }
  }
  changed_.notify_all();
  if (old.dropped) old.dropped();
}

void Device::forget(const std::string& client) {
  std::list<Task> dropped;
  {
    const std::scoped_lock lock(mutex_);
    for (auto task = waiting_.begin(); task != waiting_.end();) {
      const auto next = std::next(task);
      if (task->client == client) dropped.splice(dropped.end(), waiting_, task);
      task = next;
    }
  }
  changed_.notify_all();
  for (const Task& task : dropped) {
    if (task.dropped) task.dropped();
  }
}

void Device::begin_job() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return !job_; });
  job_ = true;  // from here on no task begins
  let_in_ = 0;
  changed_.wait(lock, [this] { return !running_; });
}

void Device::end_job() {
  {
    const std::scoped_lock lock(mutex_);
    job_ = false;
  }
  changed_.notify_all();
}

void Device::let_in() {
  std::unique_lock lock(mutex_);
  if (waiting_.empty() || stopped_) return;
  let_in_ = waiting_.size();
  changed_.notify_all();
  changed_.wait(lock, [this] { return !running_ && (let_in_ == 0 || waiting_.empty() || stopped_); });
  let_in_ = 0;
}

void Device::work() {
  std::unique_lock lock(mutex_);
  while (true) {
    changed_.wait(lock, [this] { return stopped_ || (!waiting_.empty() && (!job_ || let_in_ > 0)); });
    if (stopped_) return;
    const Task task = std::move(waiting_.front());
    waiting_.pop_front();
    if (let_in_ > 0) --let_in_;
    running_ = true;
    lock.unlock();
    try {
      task.run();
    } catch (const std::exception& error) {
      log::error("internal error: {}", error.what());
    }
    lock.lock();
    running_ = false;
    changed_.notify_all();
  }
}

}  // namespace animate::serve
