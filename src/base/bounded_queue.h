#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

namespace animate {

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
    if (items_.size() >= capacity_ && state_ == State::Open) ++push_stalls_;
    room_.wait(lock, [&] { return items_.size() < capacity_ || state_ != State::Open; });
    if (state_ != State::Open) return false;
    items_.push_back(std::move(item));
    lock.unlock();
    ready_.notify_one();
    return true;
  }

  // Waits for an item. nullopt when the queue is closed and empty, or failed.
  std::optional<T> pop() {
    std::unique_lock lock(mutex_);
    if (items_.empty() && state_ == State::Open) ++pop_stalls_;
    ready_.wait(lock, [&] { return !items_.empty() || state_ != State::Open; });
    if (items_.empty()) return std::nullopt;
    std::optional<T> item(std::move(items_.front()));
    items_.pop_front();
    lock.unlock();
    room_.notify_one();
    return item;
  }

  void close() { end(State::Closed); }
  void fail() { end(State::Failed); }

  // How often a producer found the queue full, and a consumer found it empty: which side is the bottleneck.
  size_t push_stalls() const {
    const std::scoped_lock lock(mutex_);
    return push_stalls_;
  }
  size_t pop_stalls() const {
    const std::scoped_lock lock(mutex_);
    return pop_stalls_;
  }

 private:
  enum class State { Open, Closed, Failed };

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
  size_t push_stalls_ = 0;
  size_t pop_stalls_ = 0;
};

}  // namespace animate
