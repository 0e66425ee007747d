#include "train/prefetch.h"

#include <exception>
#include <optional>
#include <thread>
#include <variant>

#include "base/bounded_queue.h"
#include "base/error.h"

namespace animate::train {
namespace {

// One thread that makes the batches from `first` on. Destruction drops what is made, and waits for the thread.
class Ahead {
 public:
  Ahead(TrainingData& data, int64_t first, const torch::Device& device)
      : queue_(1), thread_([this, &data, first, device] { produce(data, first, device); }) {}
  ~Ahead() { queue_.fail(); }
  Ahead(const Ahead&) = delete;
  Ahead& operator=(const Ahead&) = delete;

  TrainingBatch take() {
    auto made = queue_.pop();
    check(made.has_value(), ErrorKind::Internal, "a batch is asked for behind an error");
    if (const auto* error = std::get_if<std::exception_ptr>(&*made)) std::rethrow_exception(*error);
    return std::get<TrainingBatch>(std::move(*made));
  }

 private:
  using Made = std::variant<TrainingBatch, std::exception_ptr>;

  void produce(TrainingData& data, int64_t step, const torch::Device& device) {
    try {
      while (queue_.push(data.batch(step++, device))) {
      }
    } catch (...) {
      queue_.push(std::current_exception());
    }
  }

  BoundedQueue<Made> queue_;
  std::jthread thread_;  // joins before the queue goes
};

class PrefetchedData : public TrainingData {
 public:
  explicit PrefetchedData(std::unique_ptr<TrainingData> data) : data_(std::move(data)) {}

  TrainingBatch batch(int64_t step, const torch::Device& device) override {
    if (!ahead_ || step != next_ || device != device_) {
      ahead_.reset();
      ahead_.emplace(*data_, step, device);
      device_ = device;
    }
    next_ = -1;  // holds after an exception
    TrainingBatch batch = ahead_->take();
    next_ = step + 1;
    return batch;
  }

  int64_t steps_per_epoch() const override { return data_->steps_per_epoch(); }

 private:
  std::unique_ptr<TrainingData> data_;
  std::optional<Ahead> ahead_;
  torch::Device device_ = torch::kCPU;
  int64_t next_ = -1;
};

}  // namespace

std::unique_ptr<TrainingData> prefetched(std::unique_ptr<TrainingData> data) {
  return std::make_unique<PrefetchedData>(std::move(data));
}

}  // namespace animate::train
