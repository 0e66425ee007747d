#pragma once

#include <exception>
#include <functional>
#include <optional>
#include <thread>
#include <utility>
#include <variant>

#include "base/bounded_queue.h"
#include "base/error.h"

namespace animate::train {

// The batches of a run, of which one background thread makes the next while the caller works on this one. At most two
// batches wait. An exception crosses over to the call that wanted its batch. Made for ascending steps; another step
// starts the thread anew.
template <typename Batch>
class BatchesAhead {
 public:
  using Make = std::function<Batch(int64_t step)>;  // called on the thread, one step at a time

  explicit BatchesAhead(Make make) : make_(std::move(make)) {}

  Batch at(int64_t step) {
    if (!producer_ || step != next_) {
      producer_.reset();
      producer_.emplace(make_, step);
    }
    next_ = -1;  // holds after an exception
    Batch batch = producer_->take();
    next_ = step + 1;
    return batch;
  }

 private:
  // One thread that makes the batches from `first` on. Destruction drops what is made, and waits for the thread.
  class Producer {
   public:
    Producer(const Make& make, int64_t first) : queue_(1), thread_([this, &make, first] { produce(make, first); }) {}
    ~Producer() { queue_.fail(); }
    Producer(const Producer&) = delete;
    Producer& operator=(const Producer&) = delete;

    Batch take() {
      auto made = queue_.pop();
      check(made.has_value(), ErrorKind::Internal, "a batch is asked for behind an error");
      if (const auto* error = std::get_if<std::exception_ptr>(&*made)) std::rethrow_exception(*error);
      return std::get<Batch>(std::move(*made));
    }

   private:
    using Made = std::variant<Batch, std::exception_ptr>;

    void produce(const Make& make, int64_t step) {
      try {
        while (queue_.push(make(step++))) {
        }
      } catch (...) {
        queue_.push(std::current_exception());
      }
    }

    BoundedQueue<Made> queue_;
    std::jthread thread_;  // joins before the queue goes
  };

  Make make_;
  std::optional<Producer> producer_;
  int64_t next_ = -1;
};

}  // namespace animate::train
