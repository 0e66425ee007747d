#include "engine/pipeline.h"

#include <atomic>
#include <stdexcept>
#include <string>
#include <vector>

#include "support/catch.h"
#include "support/expect_error.h"

using namespace animate;

namespace {

// Counts to `total`, doubles, and collects.
struct Counter {
  explicit Counter(int total) : total_(total) {
    stages.decode = [this]() -> std::optional<int> { return next_ < total_ ? std::optional(next_++) : std::nullopt; };
    stages.infer = [](int value) { return std::to_string(2 * value); };
    stages.encode = [this](const std::string& text) { encoded.push_back(text); };
  }

  PipelineStages<int, std::string> stages;
  std::vector<std::string> encoded;

 private:
  int total_;
  int next_ = 0;
};

}  // namespace

TEST_CASE("the pipeline keeps order and loses nothing") {
  for (const int total : {0, 1, 3, 1000}) {
    Counter counter(total);
    const PipelineStats stats = run_pipeline(counter.stages, {});
    CHECK(stats.frames == total);
    REQUIRE(counter.encoded.size() == static_cast<size_t>(total));
    for (int i = 0; i < total; ++i) CHECK(counter.encoded[static_cast<size_t>(i)] == std::to_string(2 * i));
  }
}

TEST_CASE("what a stage throws comes out, whichever it is, and nobody hangs") {
  for (int round = 0; round < 100; ++round) {
    for (const int stage : {0, 1, 2}) {
      Counter counter(200);
      const auto decode = counter.stages.decode;
      const auto maybe_throw = [stage, count = std::make_shared<std::atomic<int>>(0)](int which) {
        if (which == stage && ++*count == 20) throw std::runtime_error("stage " + std::to_string(stage));
      };
      counter.stages.decode = [=] {
        maybe_throw(0);
        return decode();
      };
      counter.stages.infer = [=](int value) {
        maybe_throw(1);
        return std::to_string(value);
      };
      counter.stages.encode = [=](const std::string&) { maybe_throw(2); };
      CHECK_THROWS_WITH(run_pipeline(counter.stages, {}), "stage " + std::to_string(stage));
    }
  }
}

TEST_CASE("a stop request cancels a running pipeline") {
  std::stop_source source;
  Counter counter(1'000'000);
  counter.stages.encode = [&source, seen = 0](const std::string&) mutable {
    if (++seen == 10) source.request_stop();
  };
  CHECK(test::error_of(ErrorKind::Cancelled, [&] { run_pipeline(counter.stages, source.get_token()); }) ==
        "interrupted; nothing was written");
}
