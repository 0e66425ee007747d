#include <cmath>
#include <numbers>

#include "motion/interpolate_motion.h"
#include "motion/rotation.h"
#include "motion/template_blend.h"
#include "motion/template_clock.h"
#include "motion/template_facts.h"
#include "motion/template_loop.h"
#include "support/catch.h"
#include "support/expect_error.h"

using namespace animate::motion;
using namespace animate;
using test::error_of;

namespace {

FloatArray rotation(float yaw) {
  FloatArray array{{1, 3, 3}, {}};
  for (const Point3& row : rotation_matrix({3, yaw, -2}))
    array.values.insert(array.values.end(), row.begin(), row.end());
  return array;
}

// A LivePortrait motion whose frame i is told by functions of the time.
template <typename Yaw>
MotionTemplate clip(size_t frames, Rational rate, Yaw yaw) {
  MotionTemplate motion;
  motion.family = "liveportrait";
  motion.frame_rate = rate;
  motion.time_base = {rate.den, rate.num};
  motion.audio_path = "a.mp4";
  motion.audio_start = 10;
  for (size_t i = 0; i < frames; ++i) {
    const auto turn = static_cast<float>(yaw(static_cast<double>(i) / rate.value()));
    Motion frame;
    frame.arrays["R"] = rotation(turn);
    frame.arrays["t"] = {{1, 3}, {turn / 100, 0, 1}};
    frame.arrays["scale"] = {{1, 1}, {1 + turn / 1000}};
    frame.arrays["exp"] = {{1, 2, 3}, {turn / 300, 0.1F, 0, -turn / 200, 0, turn / 500}};
    motion.frames.push_back(std::move(frame));
    motion.pts.push_back(static_cast<int64_t>(i));
    motion.duration.push_back(1);
  }
  return motion;
}

float yaw_of(const Motion& motion) {
  Matrix3 matrix;
  for (size_t i = 0; i < 9; ++i) matrix[i / 3][i % 3] = motion.arrays.at("R").values[i];
  return head_pose(matrix).yaw;
}

MotionTemplate ramp(size_t frames, Rational rate = {25, 1}) {
  return clip(frames, rate, [](double seconds) { return 10 * seconds; });
}

}  // namespace

TEST_CASE("between two motions heads turn and the rest is mixed") {
  const MotionTemplate two = clip(2, {1, 1}, [](double seconds) { return seconds * 40; });
  const Motion& a = two.frames[0];
  const Motion& b = two.frames[1];
  CHECK(interpolate(a, b, 0) == a);
  CHECK(interpolate(a, b, 1) == b);
  const Motion half = interpolate(a, b, 0.5);
  CHECK(yaw_of(half) == Approx(20).margin(0.02));
  CHECK(half.arrays.at("t").values[0] == Approx(0.2));
  // A mean of two matrices would be no rotation.
  double length = 0;
  for (size_t i = 0; i < 3; ++i) length += std::pow(half.arrays.at("R").values[i], 2);
  CHECK(length == Approx(1).margin(1e-6));
  Motion zero = a;
  zero.arrays["R"].values.assign(9, 0);
  const Motion between = interpolate(zero, b, 0.5);
  for (const float value : between.arrays.at("R").values) CHECK(std::isfinite(value));
  Motion other = b;
  other.arrays.erase("t");
  CHECK(error_of(ErrorKind::Internal, [&] { interpolate(a, other, 0.5); }) ==
        "motion between frames that hold different arrays");
}

TEST_CASE("another frame rate keeps length, sound and what lies at its time already") {
  const MotionTemplate slow = ramp(51, {25, 1});
  const MotionTemplate fast = resample(slow, {50, 1});
  CHECK(fast.frames.size() == 102);
  CHECK(fast.frame_rate == Rational{50, 1});
  CHECK(length_of(fast) == Approx(length_of(slow)));
  for (size_t i = 0; i < slow.frames.size(); ++i) CHECK(fast.frames[2 * i] == slow.frames[i]);
  CHECK(yaw_of(fast.frames[7]) == Approx(1.4).margin(1e-3));
  const MotionTemplate same = resample(slow, {25, 1});
  CHECK(same == slow);
  for (const Rational rate : {Rational{30000, 1001}, Rational{12, 1}, Rational{24, 1}}) {
    const MotionTemplate other = resample(slow, rate);
    CHECK(std::abs(length_of(other) - length_of(slow)) <= 1 / rate.value());
    CHECK(yaw_of(other.frames[11]) == Approx(10 * 11 / rate.value()).margin(1e-3));
  }
  CHECK(resample(ramp(1), {60, 1}).frames.size() == 2);
  CHECK(error_of(ErrorKind::Input, [&] {
          resample(ramp(30000, {25, 1}), {1000, 1});
        }) == "the motion would have more than 1000000 frames at 1000/1 a second; give a lower rate or trim it first");
}

TEST_CASE("irregular times are told from regular ones and made regular") {
  MotionTemplate motion = ramp(10);
  CHECK(is_steady(motion));
  CHECK(steady(motion) == motion);
  // Frame 5 comes late; its motion is where the clip was at that time.
  motion.time_base = {1, 1000};
  for (size_t i = 0; i < 10; ++i) {
    motion.pts[i] = static_cast<int64_t>(i * 40) + (i == 5 ? 30 : 0) + 200;
    motion.duration[i] = 40;
  }
  CHECK_FALSE(is_steady(motion));
  const MotionTemplate regular = steady(motion);
  CHECK(is_steady(regular));
  CHECK(regular.frames.size() == 10);
  CHECK(regular.frames[4] == motion.frames[4]);
  CHECK(yaw_of(regular.frames[5]) == Approx(10 * (0.16 + 0.04 * 40 / 70)).margin(1e-3));
  CHECK(regular.audio_start == Approx(10.2));
  // Times at both ends of 64 bits are no reason to overflow.
  MotionTemplate wide = ramp(2);
  wide.pts = {INT64_MIN, INT64_MAX};
  CHECK(error_of(ErrorKind::Input, [&] {
          resample(wide, {25, 1});
        }).find("more than 1000000 frames") != std::string::npos);
  CHECK(cut(wide, 0, 2).pts == wide.pts);
}

TEST_CASE("a part keeps its place in the sound") {
  const MotionTemplate motion = ramp(50);
  const MotionTemplate part = trim(motion, 0.4, 1, "a");
  REQUIRE(part.frames.size() == 15);
  CHECK(part.frames[0] == motion.frames[10]);
  CHECK(part.pts.front() == 0);
  CHECK(part.pts.back() == 14);
  CHECK(part.audio_start == Approx(10.4));
  CHECK(trim(part, 0.2, 9, "a").audio_start == Approx(10.6));
  CHECK(error_of(ErrorKind::Input, [&] { trim(motion, 5, 6, "a"); }) ==
        "a: no frame begins from 5 s to 6 s, they begin from 0 to 1.96 s; widen the range");
}

TEST_CASE("another speed moves the times and lets the sound go") {
  const MotionTemplate motion = ramp(50);
  const MotionTemplate half = change_speed(motion, {1, 2}, "a");
  CHECK(half.frames == motion.frames);
  CHECK(half.frame_rate == Rational{25, 2});
  CHECK(length_of(half) == Approx(4));
  CHECK(half.audio_path.empty());
  CHECK(is_steady(half));
  CHECK(change_speed(motion, {1, 1}, "a") == motion);
  MotionTemplate fine = motion;
  fine.time_base = {INT64_MAX, INT64_MAX - 1};
  CHECK(error_of(ErrorKind::Input, [&] {
          change_speed(fine, {1, 5}, "a");
        }) == "a: its times are too fine to be changed; resample it with --fps first");
}

TEST_CASE("a motion that goes round is cut where it does") {
  // A turn of 40 frames, begun in the middle of nowhere: its best loop has 40 or 80 frames.
  const auto wave = [](double seconds) { return 20 * std::sin(seconds * 25 / 40 * 2 * std::numbers::pi); };
  MotionTemplate motion = clip(95, {25, 1}, wave);
  const LoopResult loop = find_loop(motion, {1.4, 0.3}, "a");
  CHECK((loop.last - loop.first) % 40 == 0);
  CHECK(loop.motion.frames.size() == loop.last - loop.first);
  CHECK(loop.step_after < 2);
  CHECK(loop.step_before > 5);
  CHECK(loop.motion.audio_start == Approx(10 + static_cast<double>(loop.first) / 25));
  // What was the same on both sides stays the same under the blend.
  for (size_t i = 0; i < loop.motion.frames.size(); ++i) {
    CHECK(yaw_of(loop.motion.frames[i]) == Approx(yaw_of(motion.frames[loop.first + i])).margin(0.01));
  }
}

TEST_CASE("the end of a loop flows into its beginning where the motion itself does not") {
  // A drift that never comes back, on top of a wobble.
  const auto drift = [](double seconds) { return 4 * seconds + std::sin(9 * seconds); };
  for (const double least : {0.0, 1.0, 2.5}) {
    const LoopResult loop = find_loop(clip(100, {25, 1}, drift), {least, 0.5}, "a");
    CHECK(loop.motion.frames.size() >= static_cast<size_t>(least == 0 ? 50 : least * 25));
    CHECK(loop.step_after < 2);
    CHECK(loop.step_before > 10);
  }
  // Without a blend the jump stays.
  CHECK(find_loop(clip(100, {25, 1}, drift), {0, 0}, "a").step_after > 5);
  CHECK(find_loop(clip(20, {25, 1}, [](double) { return 5; }), {}, "a").step_after == 0);
  CHECK(error_of(ErrorKind::Input, [&] {
          find_loop(ramp(20), {3, 0.3}, "a");
        }) == "a: has 20 frames (0.80 s), too few for a loop of 3.00 s; ask for a shorter one with --min-length");
  CHECK(error_of(ErrorKind::Input, [&] { find_loop(ramp(1), {}, "a"); }).find("has 1 frames") != std::string::npos);
}

TEST_CASE("two motions at once") {
  const MotionTemplate still = clip(30, {25, 1}, [](double) { return 0; });
  MotionTemplate fast = ramp(100, {50, 1});
  const MotionTemplate both = mix(still, fast, 0.25, "b");
  CHECK(both.frames.size() == 30);
  CHECK(both.frame_rate == Rational{25, 1});
  CHECK(yaw_of(both.frames[20]) == Approx(0.25 * 10 * 20 / 25).margin(1e-3));
  CHECK(mix(still, fast, 0, "b").frames == still.frames);
  CHECK(mix(still, fast, 1, "b").frames[20] == fast.frames[40]);
  for (Motion& frame : fast.frames) frame.arrays["kp"] = {{1, 2, 3}, std::vector<float>(6)};
  CHECK_FALSE(mix(still, fast, 0.5, "b").frames[0].arrays.contains("kp"));

  MotionTemplate other = still;
  other.family = "fomm";
  CHECK(error_of(ErrorKind::Input, [&] { mix(still, other, 0.5, "b"); }) ==
        "b: holds motion of the model family fomm, the first template of liveportrait; give two of one family");
  other = still;
  for (Motion& frame : other.frames) frame.arrays["exp"] = {{1, 1, 3}, {0, 0, 0}};
  CHECK(error_of(ErrorKind::Input, [&] { mix(still, other, 0.5, "b"); }) ==
        "b: is not of as many points as the first template; give two of one model");
}

TEST_CASE("one motion after the other") {
  const MotionTemplate low = clip(50, {25, 1}, [](double) { return 0; });
  const MotionTemplate high = clip(40, {25, 1}, [](double) { return 20; });
  const MotionTemplate both = crossfade(low, high, 0.4, "b");
  REQUIRE(both.frames.size() == 80);
  CHECK(both.frames[39] == low.frames[39]);
  CHECK(both.frames[50] == high.frames[10]);
  for (size_t i = 40; i <= 50; ++i) CHECK(yaw_of(both.frames[i]) > yaw_of(both.frames[i - 1]));
  CHECK(is_steady(both));
  CHECK(both.audio_path == "a.mp4");
  CHECK(crossfade(low, high, 0, "b").frames.size() == 90);
  CHECK(error_of(ErrorKind::Usage, [&] { crossfade(low, high, 1.7, "b"); }) ==
        "--crossfade 1.7: is longer than the shorter template (1.60 s); give less");
}

TEST_CASE("facts of a motion") {
  const TemplateFacts facts = facts_of(ramp(26), "a");
  CHECK(facts.frames == 26);
  CHECK(facts.seconds == Approx(1.04));
  CHECK(facts.arrays.front() == "R [1, 3, 3]");
  REQUIRE(facts.face);
  CHECK(facts.face->yaw.low == Approx(0).margin(1e-4));
  CHECK(facts.face->yaw.high == Approx(10).margin(1e-3));
  CHECK(facts.face->pitch.high == Approx(3).margin(1e-3));
  CHECK(facts.face->expression_frame == 25);
  CHECK(facts.face->expression_change == Approx(10 * std::hypot(1.0 / 200, 1.0 / 500)).margin(1e-5));
  CHECK_FALSE(facts.face->ratios);
  MotionTemplate fomm = ramp(3);
  fomm.family = "fomm";
  CHECK_FALSE(facts_of(fomm, "a").face);
  MotionTemplate bad = ramp(3);
  bad.frames[1].arrays["t"].shape = {1, 1, 3};
  CHECK(error_of(ErrorKind::Input, [&] { facts_of(bad, "a"); }) ==
        "a: the motion's 't' has the shape [1, 1, 3], LivePortrait needs [1, 3]; make the template with this model");
}
