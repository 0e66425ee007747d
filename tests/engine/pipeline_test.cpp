#include "engine/pipeline.h"

#include <array>
#include <atomic>
#include <future>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "support/catch.h"
#include "support/expect_error.h"

using namespace animate::engine;
using namespace animate;

namespace {

// Counts to `total`, doubles, and collects.
struct Counter {
  explicit Counter(int total) : total_(total) {
    stages.decode = [this]() -> std::optional<int> { return next_ < total_ ? std::optional(next_++) : std::nullopt; };
    stages.infer = one_by_one<int, std::string>([](int value) { return std::to_string(2 * value); });
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
    for (const int stage : {0, 1, 2, 3}) {
      Counter counter(200);
      const auto decode = counter.stages.decode;
      const auto maybe_throw = [stage, count = std::make_shared<std::atomic<int>>(0)](int which) {
        if (which == stage && ++*count == 20) throw std::runtime_error("stage " + std::to_string(stage));
      };
      counter.stages.decode = [=] {
        maybe_throw(0);
        return decode();
      };
      counter.stages.infer = one_by_one<int, std::string>([=](int value) {
        maybe_throw(1);
        return std::to_string(value);
      });
      counter.stages.compose = [=](std::string text) {
        maybe_throw(2);
        return text;
      };
      counter.stages.encode = [=](const std::string&) { maybe_throw(3); };
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

TEST_CASE("infer gets whole batches, and what is left over at the end") {
  const auto sizes_of = [](int total, size_t batch) {
    Counter counter(total);
    std::vector<size_t> sizes;
    const auto infer = counter.stages.infer;
    counter.stages.infer = [&](std::vector<int> items) {
      sizes.push_back(items.size());
      return infer(std::move(items));
    };
    PipelineSettings settings;
    settings.batch = batch;
    settings.depth = 2;  // smaller than a batch
    const PipelineStats stats = run_pipeline(counter.stages, {}, settings);
    CHECK(stats.frames == total);
    CHECK(stats.batch == batch);
    REQUIRE(counter.encoded.size() == static_cast<size_t>(total));
    for (int i = 0; i < total; ++i) CHECK(counter.encoded[static_cast<size_t>(i)] == std::to_string(2 * i));
    return sizes;
  };
  CHECK(sizes_of(11, 4) == std::vector<size_t>{4, 4, 3});
  CHECK(sizes_of(8, 4) == std::vector<size_t>{4, 4});
  CHECK(sizes_of(3, 64) == std::vector<size_t>{3});
  CHECK(sizes_of(0, 4).empty());
}

TEST_CASE("a batch that loses a frame is a bug that is told") {
  Counter counter(4);
  counter.stages.infer = [](const std::vector<int>&) { return std::vector<std::string>{"one"}; };
  PipelineSettings settings;
  settings.batch = 2;
  CHECK(test::error_of(ErrorKind::Internal, [&] { run_pipeline(counter.stages, {}, settings); }) ==
        "2 frames went in and 1 came out");
}

TEST_CASE("every stage has a thread of its own") {
  Counter counter(3);
  std::array<std::thread::id, 4> threads;
  const auto note = [&threads](size_t stage) { threads[stage] = std::this_thread::get_id(); };
  const auto decode = counter.stages.decode;
  const auto infer = counter.stages.infer;
  counter.stages.decode = [&] { return note(0), decode(); };
  counter.stages.infer = [&](std::vector<int> items) { return note(1), infer(std::move(items)); };
  counter.stages.compose = [&](std::string text) { return note(2), text; };
  counter.stages.encode = [&](const std::string&) { note(3); };
  run_pipeline(counter.stages, {});
  CHECK(threads[1] == std::this_thread::get_id());
  CHECK(std::set<std::thread::id>(threads.begin(), threads.end()).size() == 4);
}

namespace {

// Runs stages in which `slow` waits, at its first item, until the others were told to wait for it: `full` of the stage
// in front of its queue, `empty` of the one behind.
PipelineStats with_slow_stage(int slow, std::pair<PipelineQueue, QueueSide> until) {
  Counter counter(50);
  std::promise<void> gate;
  std::atomic<bool> opened{false};
  const auto open = [&](PipelineQueue queue, QueueSide side) {
    if (std::pair(queue, side) == until && !opened.exchange(true)) gate.set_value();
  };
  const auto pass = [&, waited = std::make_shared<bool>(false)](int stage) {
    if (stage != slow || *waited) return;
    *waited = true;
    gate.get_future().wait();
  };
  const auto decode = counter.stages.decode;
  const auto infer = counter.stages.infer;
  counter.stages.decode = [&, pass] { return pass(0), decode(); };
  counter.stages.infer = [&, pass](std::vector<int> items) { return pass(1), infer(std::move(items)); };
  counter.stages.compose = [&, pass](std::string text) { return pass(2), text; };
  counter.stages.encode = [&, pass](const std::string&) { pass(3); };
  Pipeline<int, std::string, std::string> pipeline(counter.stages, {}, {});
  pipeline.on_wait(open);
  return pipeline.run();
}

void check_wait(int64_t times, double seconds) {
  CHECK(times >= 1);
  CHECK(seconds > 0);
}

}  // namespace

TEST_CASE("who waits for a slow stage is counted, at every queue and on both sides") {
  using enum PipelineQueue;
  using enum QueueSide;
  auto waits = with_slow_stage(0, std::pair(Decoded, Consumer)).waits;
  check_wait(waits.decoded.empty, waits.decoded.empty_seconds);
  waits = with_slow_stage(0, std::pair(Composed, Consumer)).waits;
  check_wait(waits.composed.empty, waits.composed.empty_seconds);
  waits = with_slow_stage(1, std::pair(Decoded, Producer)).waits;
  check_wait(waits.decoded.full, waits.decoded.full_seconds);
  waits = with_slow_stage(1, std::pair(Rendered, Consumer)).waits;
  check_wait(waits.rendered.empty, waits.rendered.empty_seconds);
  waits = with_slow_stage(2, std::pair(Rendered, Producer)).waits;
  check_wait(waits.rendered.full, waits.rendered.full_seconds);
  waits = with_slow_stage(3, std::pair(Composed, Producer)).waits;
  check_wait(waits.composed.full, waits.composed.full_seconds);
}
