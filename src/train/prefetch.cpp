#include "train/prefetch.h"

#include "train/batches_ahead.h"

namespace animate::train {
namespace {

class PrefetchedData : public TrainingData {
 public:
  explicit PrefetchedData(std::unique_ptr<TrainingData> data) : data_(std::move(data)) {}

  TrainingBatch batch(int64_t step, const torch::Device& device) override {
    if (!ahead_ || device != device_) {
      ahead_.reset();
      device_ = device;
      ahead_.emplace([this, device](int64_t next) { return data_->batch(next, device); });
    }
    return ahead_->at(step);
  }

  int64_t steps_per_epoch() const override { return data_->steps_per_epoch(); }

 private:
  std::unique_ptr<TrainingData> data_;
  torch::Device device_ = torch::kCPU;
  std::optional<BatchesAhead<TrainingBatch>> ahead_;
};

}  // namespace

std::unique_ptr<TrainingData> prefetched(std::unique_ptr<TrainingData> data) {
  return std::make_unique<PrefetchedData>(std::move(data));
}

}  // namespace animate::train
