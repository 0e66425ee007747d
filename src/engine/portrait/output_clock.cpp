#include "engine/portrait/output_clock.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "motion/resample.h"

// Which picture of the source and which moment of the driver make each picture of the result.
//
// Three clocks are involved: those of the source, of the driver and of the result. The result's pictures are looked up
// in the other two by time, since rates differ and recordings of phones have no constant rate at all:
//
//   time ------->   0        1/25      2/25      3/25
//   source          |s0      |s1       |s2       |s3          a picture is taken whole: the one then on the screen
//   result          |r0      |r1       |r2       |r3          (here on the source's clock)
//   driver          |d0   |d1    |d2   |d3    |d4   |d5       motion is numbers: r1 takes it at 1.7, between d1 and d2
//
// So pictures are never blended, and motion does not stutter where rates differ. All times count from the first picture
// of each clip.
namespace animate::engine {
namespace {

// Times in a file are whole ticks. A picture that should begin at 66.667 ms begins at 67 in a file that counts
// milliseconds (Matroska, WebM): times this close are the same, or every third picture of a clip of 30 a second would
// be missed and its neighbour shown twice.
// Where a tick is a picture or nearly so, times are exact, and only sums of durations are rounded.
double rounding_of(const ClipTimes& clip) {
  const double tick = clip.timing.time_base.value();
  return 4 * tick * clip.timing.frame_rate.value() <= 1 ? tick / 2 + 1e-9 : 1e-9;
}

// Positions that close to a frame are that frame: rates of the two clips may be equal but for rounding.
double snapped(double position, const ClipTimes& clip) {
  const double whole = std::round(position);
  const double near = std::clamp(rounding_of(clip) * clip.timing.frame_rate.value(), 1e-4, 0.05);
  return std::abs(position - whole) < near ? whole : position;
}

// The picture that is on the screen at `time`: the last one that has begun.
size_t shown_at(const ClipTimes& clip, const std::vector<double>& begins, double time) {
  const auto after = std::upper_bound(begins.begin(), begins.end(), time + rounding_of(clip));
  return after == begins.begin() ? 0 : static_cast<size_t>(after - begins.begin()) - 1;
}

// `seconds` at a constant rate, at least one picture.
ClipTimes constant_clock(double seconds, Rational rate) {
  ClipTimes clock;
  clock.timing = {rate, {rate.den, rate.num}};
  const auto count = std::max<int64_t>(1, std::llround(seconds * rate.value()));
  for (int64_t i = 0; i < count; ++i) {
    clock.pts.push_back(i);
    clock.duration.push_back(1);
  }
  return clock;
}

}  // namespace

// The last picture's own duration counts; where the file has none, one period of the nominal rate.
double ClipTimes::length() const {
  if (pts.empty()) return 0;
  const double nominal = 1 / std::max(timing.frame_rate.value(), 1e-9);
  const double last = duration.back() > 0 ? static_cast<double>(duration.back()) * timing.time_base.value() : nominal;
  return begin(size() - 1) + last;
}

std::vector<double> ClipTimes::begins() const {
  std::vector<double> seconds(size());
  for (size_t i = 0; i < size(); ++i) seconds[i] = begin(i);
  return seconds;
}

// A picture has no clock of its own. At a fixed rate the driver is looked up by time; otherwise frame i is the
// driver's.
FramePlan plan_still(const ClipTimes& driving, const ClockOptions& options) {
  const bool own_rate = options.rate == ClockOptions::Rate::Fixed;
  const ClipTimes clock = own_rate ? constant_clock(driving.length(), options.fixed) : driving;
  const auto begins = driving.begins();
  FramePlan plan{clock.timing, {}};
  for (size_t i = 0; i < clock.size(); ++i) {
    const double position =
        own_rate ? snapped(motion::position_at(begins, clock.begin(i)), driving) : static_cast<double>(i);
    plan.frames.push_back({0, position, clock.pts[i], clock.duration[i]});
  }
  return plan;
}

FramePlan plan_video(const ClipTimes& source, const ClipTimes& driving, const ClockOptions& options) {
  // The clock runs for as long as the source does.
  ClipTimes clock = source;
  if (options.rate == ClockOptions::Rate::Driving) clock = constant_clock(source.length(), driving.timing.frame_rate);
  if (options.rate == ClockOptions::Rate::Fixed) clock = constant_clock(source.length(), options.fixed);
  const auto source_begins = source.begins();
  const auto driving_begins = driving.begins();

  // The driver on that clock: how many pictures it fills, and where in it each of them lies. There may be fewer
  // positions than pictures of the clock; `on_mismatch` then says what follows:
  //
  //   clock       0    1    2    3    4    5
  //   positions   0    0.8  1.6  2                a driver of 3 frames ends here
  //   Cut         0    0.8  1.6  2
  //   others      go on to the source's end; driving_index() says with which of the positions
  std::vector<double> positions;
  if (options.pair_by_index) {
    for (size_t i = 0; i < driving.size(); ++i) positions.push_back(static_cast<double>(i));
  } else {
    for (size_t i = 0; i < clock.size() && (i == 0 || clock.begin(i) < driving.length() - 1e-6); ++i) {
      positions.push_back(snapped(motion::position_at(driving_begins, clock.begin(i)), driving));
    }
  }
  FramePlan plan{clock.timing, {}};
  const size_t count = motion::output_length(options.on_mismatch, clock.size(), positions.size());
  for (size_t i = 0; i < count; ++i) {
    plan.frames.push_back({shown_at(source, source_begins, clock.begin(i)),
                           positions[motion::driving_index(options.on_mismatch, i, positions.size())], clock.pts[i],
                           clock.duration[i]});
  }
  return plan;
}

FramePlan plan_video(const ClipTimes& source, const ClockOptions& options) {
  const bool own_rate = options.rate == ClockOptions::Rate::Fixed;
  const ClipTimes clock = own_rate ? constant_clock(source.length(), options.fixed) : source;
  const auto begins = source.begins();
  FramePlan plan{clock.timing, {}};
  for (size_t i = 0; i < clock.size(); ++i) {
    plan.frames.push_back({shown_at(source, begins, clock.begin(i)), 0, clock.pts[i], clock.duration[i]});
  }
  return plan;
}

}  // namespace animate::engine
