// Which picture of the source and which moment of the driver every picture of the result is made from.
#include "engine/portrait/output_clock.h"

#include "support/catch.h"

using namespace animate::engine;
using namespace animate;

namespace {

ClipTimes clip(size_t frames, int64_t fps) {
  ClipTimes times;
  times.timing = {{fps, 1}, {1, fps}};
  for (size_t i = 0; i < frames; ++i) {
    times.pts.push_back(static_cast<int64_t>(i));
    times.duration.push_back(1);
  }
  return times;
}

std::vector<double> driving_of(const FramePlan& plan) {
  std::vector<double> positions;
  for (const OutputFrame& frame : plan.frames) positions.push_back(frame.driving);
  return positions;
}

std::vector<size_t> source_of(const FramePlan& plan) {
  std::vector<size_t> frames;
  for (const OutputFrame& frame : plan.frames) frames.push_back(frame.source);
  return frames;
}

}  // namespace

TEST_CASE("a still source keeps the driver's own times, also variable ones") {
  ClipTimes driving = clip(4, 25);
  driving.pts = {0, 1, 5, 6};
  driving.duration = {1, 4, 1, 2};
  const FramePlan plan = plan_still(driving, {});
  CHECK(driving_of(plan) == std::vector<double>{0, 1, 2, 3});
  CHECK(plan.frames[2].pts == 5);
  CHECK(plan.frames[3].duration == 2);
}

TEST_CASE("a still source at a rate of its own lies between the driver's frames and keeps its length") {
  ClockOptions options;
  options.rate = ClockOptions::Rate::Fixed;
  options.fixed = {50, 1};
  const FramePlan plan = plan_still(clip(3, 25), options);
  CHECK(driving_of(plan) == std::vector<double>{0, 0.5, 1, 1.5, 2, 2});
  CHECK(plan.timing.frame_rate.num == 50);
}

TEST_CASE("a source video and a driver of equal rates go frame by frame") {
  const FramePlan plan = plan_video(clip(5, 30), clip(3, 30), {});
  CHECK(driving_of(plan) == std::vector<double>{0, 1, 2});
  CHECK(source_of(plan) == std::vector<size_t>{0, 1, 2});
}

TEST_CASE("unequal rates meet on the source's clock, and by index only when asked to") {
  ClockOptions options;
  CHECK(driving_of(plan_video(clip(4, 50), clip(4, 25), options)) == std::vector<double>{0, 0.5, 1, 1.5});
  options.pair_by_index = true;
  CHECK(driving_of(plan_video(clip(4, 50), clip(3, 25), options)) == std::vector<double>{0, 1, 2});
}

TEST_CASE("on the driver's clock source pictures are shown for as long as they were") {
  ClockOptions options;
  options.rate = ClockOptions::Rate::Driving;
  const FramePlan plan = plan_video(clip(2, 10), clip(6, 30), options);
  CHECK(source_of(plan) == std::vector<size_t>{0, 0, 0, 1, 1, 1});
  CHECK(driving_of(plan) == std::vector<double>{0, 1, 2, 3, 4, 5});
}

TEST_CASE("a driver that ends early is cut, repeated, mirrored or held") {
  ClockOptions options;
  const auto with = [&](OnMismatch policy) {
    options.on_mismatch = policy;
    return driving_of(plan_video(clip(7, 25), clip(3, 25), options));
  };
  CHECK(with(OnMismatch::Cut) == std::vector<double>{0, 1, 2});
  CHECK(with(OnMismatch::Cycle) == std::vector<double>{0, 1, 2, 0, 1, 2, 0});
  CHECK(with(OnMismatch::Mirror) == std::vector<double>{0, 1, 2, 1, 0, 1, 2});
  CHECK(with(OnMismatch::Hold) == std::vector<double>{0, 1, 2, 2, 2, 2, 2});
}

TEST_CASE("a longer driver never makes the result longer than the source video") {
  ClockOptions options;
  options.on_mismatch = OnMismatch::Hold;
  CHECK(plan_video(clip(4, 25), clip(100, 25), options).frames.size() == 4);
}

TEST_CASE("a still driver gives its one motion to every picture of the source video") {
  const FramePlan plan = plan_video(clip(3, 24), {});
  CHECK(driving_of(plan) == std::vector<double>{0, 0, 0});
  CHECK(source_of(plan) == std::vector<size_t>{0, 1, 2});
}

TEST_CASE("times that are rounded to milliseconds lose and double no picture") {
  for (const int64_t fps : {24, 30, 60, 120}) {
    ClipTimes source = clip(300, fps);
    source.timing.time_base = {1, 1000};
    for (size_t i = 0; i < source.size(); ++i) {
      source.pts[i] = (static_cast<int64_t>(i) * 1000 + fps / 2) / fps;
      source.duration[i] = (static_cast<int64_t>(i + 1) * 1000 + fps / 2) / fps - source.pts[i];
    }
    ClockOptions fixed;
    fixed.rate = ClockOptions::Rate::Fixed;
    fixed.fixed = {fps, 1};
    ClockOptions driving;
    driving.rate = ClockOptions::Rate::Driving;
    std::vector<size_t> every(300);
    for (size_t i = 0; i < every.size(); ++i) every[i] = i;
    INFO(fps);
    CHECK(source_of(plan_video(source, fixed)) == every);
    const FramePlan plan = plan_video(source, clip(300, fps), driving);
    CHECK(source_of(plan) == every);
    // The other way round: the driver's times are rounded.
    const auto positions = driving_of(plan_video(clip(300, fps), source, {}));
    REQUIRE(positions.size() == 300);
    for (size_t i = 0; i < positions.size(); ++i) CHECK(positions[i] == static_cast<double>(i));
  }
}
