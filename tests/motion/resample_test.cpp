#include "motion/resample.h"

#include "motion/rotation.h"
#include "support/catch.h"
#include "support/expect_error.h"
#include "support/faces.h"

using namespace animate::motion;
using namespace animate;

namespace {

bool same(const FaceFrame& a, const FaceFrame& b) {
  return a.motion.expression == b.motion.expression && a.motion.rotation == b.motion.rotation &&
         a.motion.translation == b.motion.translation && a.motion.scale == b.motion.scale &&
         a.motion.canonical == b.motion.canonical && a.ratios->lip == b.ratios->lip && a.ratios->eyes == b.ratios->eyes;
}

// Frame i has scale i and turns by 10 degrees a frame.
std::vector<FaceFrame> steady(size_t count) {
  auto frames = test::made_up_faces(count);
  for (size_t i = 0; i < count; ++i) {
    frames[i].motion.scale = static_cast<float>(i);
    frames[i].motion.rotation = rotation_matrix({0, 10 * static_cast<float>(i), 0});
  }
  return frames;
}

}  // namespace

TEST_CASE("frames at whole positions are the frames themselves, between them a mixture, the ends hold") {
  const auto frames = steady(4);
  for (size_t i = 0; i < 4; ++i) CHECK(same(frame_at(frames, static_cast<double>(i)), frames[i]));
  CHECK(same(frame_at(frames, -2), frames[0]));
  CHECK(same(frame_at(frames, 99), frames[3]));
  const FaceFrame between = frame_at(frames, 1.25);
  CHECK(between.motion.scale == Approx(1.25));
  CHECK(head_pose(between.motion.rotation).yaw == Approx(12.5).margin(1e-4));
  CHECK(between.motion.expression[20][2] ==
        Approx(0.75 * frames[1].motion.expression[20][2] + 0.25 * frames[2].motion.expression[20][2]));
  CHECK(between.motion.translation[1] ==
        Approx(0.75 * frames[1].motion.translation[1] + 0.25 * frames[2].motion.translation[1]));
  CHECK(between.ratios->eyes[1] == Approx(0.75 * frames[1].ratios->eyes[1] + 0.25 * frames[2].ratios->eyes[1]));
  test::error_of(ErrorKind::Internal, [] { frame_at({}, 0); });
}

TEST_CASE("a new clock keeps the duration") {
  const auto frames = steady(30);
  const auto faster = resample(frames, 30, 60);
  REQUIRE(faster.size() == 60);
  CHECK(same(faster[10], frames[5]));
  CHECK(faster[11].motion.scale == Approx(5.5));
  const auto slower = resample(frames, 30, 25);
  REQUIRE(slower.size() == 25);
  CHECK(slower[10].motion.scale == Approx(12));
  const auto equal = resample(frames, 29.97, 29.97);
  REQUIRE(equal.size() == 30);
  for (size_t i = 0; i < 30; ++i) CHECK(same(equal[i], frames[i]));
  CHECK(resample(std::span(frames).first(1), 60, 1).size() == 1);
  CHECK(resample({}, 25, 30).empty());
}

TEST_CASE("rates without a meaning are refused") {
  CHECK(test::error_of(ErrorKind::Usage, [] { resample({}, 0, 25); }) ==
        "frame rate: cannot go from 0 to 25 frames a second; give rates above 0");
  test::error_of(ErrorKind::Usage, [] { resample({}, 25, -1); });
}

TEST_CASE("positions among uneven times") {
  const std::vector<double> times{0, 0.1, 0.4, 0.5};
  CHECK(position_at(times, -1) == 0);
  CHECK(position_at(times, 0) == 0);
  CHECK(position_at(times, 0.05) == Approx(0.5));
  CHECK(position_at(times, 0.1) == 1);
  CHECK(position_at(times, 0.325) == Approx(1.75));
  CHECK(position_at(times, 7) == 3);
  CHECK(position_at(std::vector<double>{0, 1, 1, 2}, 1) == 2);  // two frames at one time: no quotient by zero
  test::error_of(ErrorKind::Internal, [] { position_at({}, 0); });
}

TEST_CASE("ratios that only one frame has come from the nearer frame") {
  auto frames = steady(2);
  frames[0].ratios.reset();
  CHECK_FALSE(frame_at(frames, 0.4).ratios.has_value());
  CHECK(frame_at(frames, 0.6).ratios->lip == frames[1].ratios->lip);
  frames[1].motion.expression.pop_back();
  test::error_of(ErrorKind::Internal, [&] { frame_at(frames, 0.5); });
}
