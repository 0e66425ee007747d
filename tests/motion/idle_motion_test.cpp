#include "motion/idle_motion.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "motion/idle_blinks.h"
#include "motion/idle_face.h"
#include "motion/motion_step.h"
#include "motion/template_pickle.h"
#include "support/catch.h"
#include "support/temp_dir.h"

using namespace animate::motion;
using namespace animate;

namespace {

FaceTemplate idle(uint64_t seed, double liveliness = 1, int64_t rate = 25, double seconds = 10) {
  IdleSettings settings;
  settings.rate = static_cast<double>(rate);
  settings.frames = static_cast<size_t>(seconds * settings.rate);
  settings.seed = seed;
  settings.liveliness = liveliness;
  return idle_face(idle_motion(settings), {rate, 1});
}

// From every frame to the next, the last of them across the seam.
std::vector<MotionStep> steps_of(const FaceTemplate& face) {
  std::vector<MotionStep> steps;
  for (size_t i = 0; i < face.frames.size(); ++i) {
    steps.push_back(step_between(face.frames[i].motion, face.frames[(i + 1) % face.frames.size()].motion));
  }
  return steps;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return values[values.size() / 2];
}

}  // namespace

TEST_CASE("lids shut fast, stay shut for a moment and open slowly") {
  CHECK(blink_lid(0) == 0);
  CHECK(blink_lid(kBlinkSeconds) == 0);
  CHECK(blink_lid(-1) == 0);
  CHECK(blink_lid(0.1) == Approx(1));
  CHECK(blink_lid(0.14) == Approx(1));
  double shutting = 0, opening = 0;  // seconds between a tenth and nine tenths
  for (double t = 0; t < kBlinkSeconds; t += 0.001) {
    const double lid = blink_lid(t);
    CHECK(lid >= 0);
    CHECK(lid <= 1);
    if (lid > 0.1 && lid < 0.9) (t < 0.12 ? shutting : opening) += 0.001;
  }
  CHECK(opening > 1.5 * shutting);
}

TEST_CASE("people blink ten to twenty-five times a minute, in uneven gaps") {
  std::vector<double> gaps;
  for (uint64_t seed = 0; seed < 200; ++seed) {
    for (const double length : {5.0, 10.0, 60.0}) {
      const auto times = blink_times(seed, length);
      const double rate = 60 * static_cast<double>(times.size()) / length;
      CHECK(rate >= kFewestBlinks - 1e-9);
      CHECK(rate <= kMostBlinks + 1e-9);
      CHECK(times.front() > 0);
      CHECK(times.back() + kBlinkSeconds < length);
      for (size_t i = 1; i < times.size(); ++i) {
        CHECK(times[i] - times[i - 1] > kBlinkSeconds);
        if (length > 50) gaps.push_back(times[i] - times[i - 1]);
      }
    }
  }
  double mean = 0, square = 0, cube = 0;
  for (const double gap : gaps) mean += gap / static_cast<double>(gaps.size());
  for (const double gap : gaps) {
    square += std::pow(gap - mean, 2) / static_cast<double>(gaps.size());
    cube += std::pow(gap - mean, 3) / static_cast<double>(gaps.size());
  }
  CHECK(mean > 60 / kMostBlinks);
  CHECK(mean < 60 / kFewestBlinks);
  CHECK(median(gaps) < 0.9 * mean);
  CHECK(cube / std::pow(square, 1.5) > 1);  // many short ones, few long
  CHECK(blink_times(3, 60) == blink_times(3, 60));
  CHECK(blink_times(3, 60) != blink_times(4, 60));
  CHECK(blink_times(3, 1).empty());
}

TEST_CASE("no step is faster than people's, whatever the rate and the liveliness") {
  for (const int64_t rate : {12, 25, 30, 60}) {
    const double frame = kStepRate / static_cast<double>(rate);
    for (const double liveliness : {0.0, 1.0, 2.0}) {
      for (uint64_t seed = 0; seed < 20; ++seed) {
        for (const MotionStep& step : steps_of(idle(seed, liveliness, rate))) {
          CHECK(step.turn <= kFastestStep.turn * frame);
          CHECK(step.expression <= kFastestStep.expression * frame);
          CHECK(step.shift <= kFastestStep.shift * frame);
          CHECK(step.scale <= kFastestStep.scale * frame);
        }
      }
    }
  }
}

TEST_CASE("the seam is no longer than an ordinary step") {
  for (uint64_t seed = 0; seed < 30; ++seed) {
    const auto steps = steps_of(idle(seed));
    std::vector<double> turns, expressions, shifts;
    for (const MotionStep& step : steps) {
      turns.push_back(step.turn);
      expressions.push_back(step.expression);
      shifts.push_back(step.shift);
    }
    CAPTURE(seed);
    CHECK(turns.back() <= median(turns));
    CHECK(expressions.back() <= median(expressions));
    CHECK(shifts.back() <= median(shifts));
  }
}

TEST_CASE("the head sways below 0.7 Hz and nothing else") {
  IdleSettings settings;
  settings.frames = 500;  // 20 s: a line every 0.05 Hz
  settings.seed = 9;
  const auto states = idle_motion(settings);
  double within = 0, beyond = 0;
  for (size_t k = 1; k < states.size() / 2; ++k) {
    double real = 0, imaginary = 0;
    for (size_t i = 0; i < states.size(); ++i) {
      const double angle = 2 * std::numbers::pi * static_cast<double>(k * i) / static_cast<double>(states.size());
      real += states[i].yaw * std::cos(angle);
      imaginary += states[i].yaw * std::sin(angle);
    }
    (static_cast<double>(k) / 20 <= 0.7 ? within : beyond) += real * real + imaginary * imaginary;
  }
  CHECK(within > 0);
  CHECK(beyond < 1e-9 * within);
}

TEST_CASE("the first frame is at rest, and what lives does move") {
  for (uint64_t seed = 0; seed < 10; ++seed) {
    IdleSettings settings;
    settings.seed = seed;
    const auto states = idle_motion(settings);
    const IdleState& first = states.front();
    for (const double part : {first.pitch, first.yaw, first.roll, first.x, first.y, first.size, first.lid, first.gaze_x,
                              first.gaze_y, first.brow, first.smile, first.mouth}) {
      CHECK(part == Approx(0).margin(1e-12));
    }
    double shut = 0, turned = 0, looked = 0;
    for (const IdleState& state : states) {
      shut = std::max(shut, state.lid);
      turned = std::max(turned, std::abs(state.yaw));
      looked = std::max(looked, std::hypot(state.gaze_x, state.gaze_y));
      CHECK(state.mouth == 0);
    }
    CHECK(shut > 0.95);
    CHECK(turned > 0.8);
    CHECK(turned < 12);
    CHECK(looked > 0.1);
  }
  IdleSettings still;
  still.liveliness = 0;
  for (const IdleState& state : idle_motion(still)) {
    CHECK(state.yaw == 0);
    CHECK(state.gaze_x == 0);
    CHECK(std::abs(state.y) <= 0.006);
  }
}

TEST_CASE("a motion too short for anything is still one") {
  for (const size_t frames : {2, 5, 25}) {
    IdleSettings settings;
    settings.frames = frames;
    CHECK(idle_motion(settings).size() == frames);
  }
}

TEST_CASE("LivePortrait's form has its points, its ratios, and fits its pickle") {
  const FaceTemplate face = idle(5);
  CHECK(face.frames.size() == 250);
  CHECK(face.has_ratios());
  CHECK_FALSE(face.has_canonical());
  CHECK(face.frames.front().motion.expression.size() == 21);
  for (const Point3& point : face.frames.front().motion.expression) {
    for (const float value : point) CHECK(value == Approx(0).margin(1e-9));
  }
  // Where the lids are shut both upper lids lie lower, alike, and the ratio says so.
  const auto shut = std::min_element(face.frames.begin(), face.frames.end(), [](const auto& a, const auto& b) {
    return a.ratios->eyes[0] < b.ratios->eyes[0];
  });
  CHECK(shut->ratios->eyes[0] < 0.02);
  CHECK(shut->motion.expression[11][1] > 0.012F);
  CHECK(shut->motion.expression[15][1] > 0.012F);
  const test::TempDir dir;
  write_template_pickle(dir / "idle.pkl", face);
  const FaceTemplate back = read_template_pickle(dir / "idle.pkl");
  CHECK(back.frames.size() == face.frames.size());
  CHECK(back.frames[100].motion.expression == face.frames[100].motion.expression);
  CHECK(back.frame_rate == face.frame_rate);
}
