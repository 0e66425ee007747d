#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <optional>
#include <utility>

#include "base/stopwatch.h"

namespace animate {
inline namespace base {

// How often, and for how long in all, one side of a queue had to wait.
struct WaitCount {
  size_t times = 0;
  double seconds = 0;
};

enum class QueueSide { Producer, Consumer };

// A first-in first-out channel between two stages of a pipeline, holding at most `capacity` items.
// push() and pop() wait; nobody polls and no value means "end". Two ways to end it:
//   close()  the producer is done: what is queued is still delivered, then pop() gives nullopt;
//   fail()   somebody gave up: queued items are dropped and every waiting call returns at once.
// Safe for any number of producers and consumers.
template <typename T>
class BoundedQueue {
 public:
  explicit BoundedQueue(size_t capacity) : capacity_(capacity) {}
  BoundedQueue(const BoundedQueue&) = delete;
  BoundedQueue& operator=(const BoundedQueue&) = delete;

  // Waits for room. False when the queue was closed or failed: the item was not taken, stop producing.
  bool push(T item) {
    std::unique_lock lock(mutex_);
    wait(lock, room_, QueueSide::Producer, [&] { return items_.size() < capacity_ || state_ != State::Open; });
    if (state_ != State::Open) return false;
    items_.push_back(std::move(item));
    lock.unlock();
    ready_.notify_one();
    return true;
  }

  // Waits for an item. nullopt when the queue is closed and empty, or failed.
  std::optional<T> pop() {
    std::unique_lock lock(mutex_);
    wait(lock, ready_, QueueSide::Consumer, [&] { return !items_.empty() || state_ != State::Open; });
    if (items_.empty()) return std::nullopt;
    std::optional<T> item(std::move(items_.front()));
    items_.pop_front();
    lock.unlock();
    room_.notify_one();
    return item;
  }

  void close() { end(State::Closed); }
  void fail() { end(State::Failed); }

  // A producer that found the queue full, a consumer that found it empty: which side is the bottleneck.
  WaitCount pushes() const {
    const std::scoped_lock lock(mutex_);
    return pushes_;
  }
  WaitCount pops() const {
    const std::scoped_lock lock(mutex_);
    return pops_;
  }
  // `told` is called whenever one side begins to wait, with the queue locked; for tests that need to know. Set it
  // before the queue is shared.
  void on_wait(std::function<void(QueueSide)> told) { told_ = std::move(told); }

 private:
  enum class State { Open, Closed, Failed };

  template <typename Condition>
  void wait(std::unique_lock<std::mutex>& lock, std::condition_variable& until, QueueSide side, Condition met) {
    if (met()) return;
    WaitCount& count = side == QueueSide::Producer ? pushes_ : pops_;
    ++count.times;
    if (told_) told_(side);
    const Stopwatch watch;
    until.wait(lock, met);
    count.seconds += watch.seconds();
  }

  void end(State state) {
    {
      const std::scoped_lock lock(mutex_);
      if (state_ != State::Failed) state_ = state;
      if (state == State::Failed) items_.clear();
    }
    room_.notify_all();
    ready_.notify_all();
  }

  const size_t capacity_;
  mutable std::mutex mutex_;
  std::condition_variable room_;
  std::condition_variable ready_;
  std::deque<T> items_;
  State state_ = State::Open;
  WaitCount pushes_;
  WaitCount pops_;
  std::function<void(QueueSide)> told_;
};

}  // namespace base
}  // namespace animate
