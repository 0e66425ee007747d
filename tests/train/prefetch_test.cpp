#include "train/prefetch.h"

#include <atomic>
#include <thread>

#include "base/error.h"
#include "support/catch.h"
#include "support/expect_error.h"

using namespace animate::train;
using namespace animate;

namespace {

// Batches that carry their step, and trouble at one of them.
class Numbers : public train::TrainingData {
 public:
  Numbers(std::atomic<int>& made, int64_t trouble) : made_(made), trouble_(trouble) {}
  train::TrainingBatch batch(int64_t step, const torch::Device& device) override {
    check(step != trouble_, ErrorKind::Input, "no batch {}", step);
    ++made_;
    train::TrainingBatch batch{torch::full({1}, step, torch::TensorOptions(device)), torch::zeros({1}), {}, {}};
    batch.skipped = step;
    return batch;
  }
  int64_t steps_per_epoch() const override { return 7; }

 private:
  std::atomic<int>& made_;
  int64_t trouble_;
};

}  // namespace

TEST_CASE("batches made ahead come in order, from wherever a run begins") {
  std::atomic<int> made = 0;
  const auto data = train::prefetched(std::make_unique<Numbers>(made, -1));
  CHECK(data->steps_per_epoch() == 7);
  for (const int64_t begin : {int64_t{0}, int64_t{40}, int64_t{3}}) {
    for (int64_t step = begin; step < begin + 20; ++step) {
      const auto batch = data->batch(step, torch::kCPU);
      REQUIRE(batch.source.item<int64_t>() == step);
      REQUIRE(batch.skipped == step);
    }
  }
}

TEST_CASE("one batch is made while another is worked on, and no more than two wait") {
  std::atomic<int> made = 0;
  const auto data = train::prefetched(std::make_unique<Numbers>(made, -1));
  data->batch(0, torch::kCPU);
  for (int i = 0; i < 1000 && made < 3; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(2));
  CHECK(made == 3);
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  CHECK(made == 3);
}

TEST_CASE("an exception of the thread reaches the call that wanted its batch") {
  std::atomic<int> made = 0;
  const auto data = train::prefetched(std::make_unique<Numbers>(made, 2));
  CHECK(data->batch(0, torch::kCPU).skipped == 0);
  CHECK(data->batch(1, torch::kCPU).skipped == 1);
  for (int i = 0; i < 2; ++i) {
    CHECK(test::error_of(ErrorKind::Input, [&] { data->batch(2, torch::kCPU); }) == "no batch 2");
  }
  CHECK(data->batch(3, torch::kCPU).skipped == 3);
}
