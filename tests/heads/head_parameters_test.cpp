#include "heads/head_parameters.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <set>

#include "heads/counter_random.h"
#include "heads/head_motion.h"
#include "support/catch.h"

using namespace animate::heads;

namespace {

template <typename T>
bool same(const T& a, const T& b) {
  return std::memcmp(&a, &b, sizeof(T)) == 0;
}

}  // namespace

TEST_CASE("random numbers are those of their seed, on every machine") {
  CounterRandom random(1, 2);
  CHECK(random.bits() == 0x9340cb13c8cf59e1ULL);
  CHECK(random.bits() == 0x6960a5d17dc6f8c4ULL);
  CounterRandom again(1, 2), other(1, 3);
  CHECK(again.bits() == 0x9340cb13c8cf59e1ULL);
  CHECK(other.bits() != 0x9340cb13c8cf59e1ULL);
}

TEST_CASE("random numbers are spread as they claim") {
  CounterRandom random(5, 0);
  double sum = 0, squares = 0, bells = 0;
  constexpr int count = 20000;
  for (int i = 0; i < count; ++i) {
    const float unit = random.unit();
    REQUIRE(unit >= 0);
    REQUIRE(unit < 1);
    sum += unit;
    squares += unit * unit;
    const float bell = random.bell(0.5F);
    REQUIRE(std::abs(bell) <= 1);
    bells += bell * bell;
  }
  CHECK(sum / count == Approx(0.5).margin(0.01));
  CHECK(squares / count == Approx(1.0 / 3).margin(0.01));
  // Clipping at two deviations leaves 0.96 of the deviation.
  CHECK(std::sqrt(bells / count) == Approx(0.48).margin(0.01));
}

TEST_CASE("a seed gives one head, another seed another") {
  CHECK(same(sample_head(100003, 4), sample_head(100003, 4)));
  CHECK(same(sample_identity(7), sample_head(7, 3).identity));
  CHECK_FALSE(same(sample_identity(7), sample_identity(8)));
  CHECK_FALSE(same(sample_pose(7, 0), sample_pose(7, 1)));
  CHECK_FALSE(same(sample_pose(7, 1), sample_pose(8, 0)));
  std::set<float> skins;
  for (uint64_t seed = 0; seed < 200; ++seed) skins.insert(sample_identity(seed).skin.g);
  CHECK(skins.size() > 195);
}

TEST_CASE("everything that can be worn is worn by some and not by others") {
  int hats = 0, glasses = 0, beards = 0, rings = 0, patterns = 0, bald = 0, locks = 0;
  for (uint64_t seed = 0; seed < 500; ++seed) {
    const Identity who = sample_identity(seed);
    hats += who.hat_on > 0, glasses += who.glasses > 0, beards += who.beard > 0, rings += who.earrings > 0;
    patterns += who.stripes + who.checks + who.dots > 0, bald += who.hair_on == 0, locks += who.back_length > 0;
  }
  for (const int count : {hats, glasses, beards, rings, patterns, bald, locks}) {
    CHECK(count > 15);
    CHECK(count < 350);
  }
}

TEST_CASE("poses and expressions keep their ranges") {
  for (uint64_t i = 0; i < 2000; ++i) {
    const Pose pose = sample_pose(3, i);
    REQUIRE(std::abs(pose.roll) <= 0.36F);
    REQUIRE(std::abs(pose.yaw) <= 0.70F);
    REQUIRE(std::abs(pose.pitch) <= 0.44F);
    const Expression mood = sample_expression(3, i);
    REQUIRE((mood.left_eye >= 0 && mood.left_eye <= 1 && mood.right_eye >= 0 && mood.right_eye <= 1));
    REQUIRE((mood.mouth >= 0 && mood.mouth <= 1 && std::abs(mood.smile) <= 1 && std::abs(mood.brow) <= 1));
  }
}

TEST_CASE("a clip starts calm, moves smoothly, blinks and talks") {
  const auto motions = smooth_motion(11, 250);
  REQUIRE(motions.size() == 250);
  CHECK(motions[0].pose.yaw == 0);
  CHECK(motions[0].expression.mouth == 0);
  float jump = 0, yaw = 0, shut = 1, mouth = 0;
  for (size_t i = 1; i < motions.size(); ++i) {
    jump = std::max(jump, std::abs(motions[i].pose.yaw - motions[i - 1].pose.yaw));
    yaw = std::max(yaw, std::abs(motions[i].pose.yaw));
    shut = std::min(shut, motions[i].expression.left_eye);
    mouth = std::max(mouth, motions[i].expression.mouth);
  }
  CHECK(jump < 0.08F);
  CHECK(yaw > 0.1F);
  CHECK(shut < 0.15F);
  CHECK(mouth > 0.3F);
  // A longer clip begins with the shorter one.
  CHECK(same(smooth_motion(11, 300)[200], motions[200]));
}

TEST_CASE("transfer adds what the driver changed, and tells where a range ends it") {
  Head head = sample_head(9, 0, 0.5F);
  head.expression = {1, 0.95F, 0.1F, 0.2F, -0.1F, 0, 0};
  HeadMotion first, now;
  first.pose = {0.01F, 0, 1.1F, 0.05F, -0.1F, 0};
  first.expression = {0.92F, 0.92F, 0.2F, 0, 0, 0, 0};
  now = first;
  bool clipped = true;
  CHECK(same(transferred(head, first, now, &clipped), head));
  CHECK_FALSE(clipped);
  now.pose.yaw += 0.2F;
  now.pose.scale = 1.21F;
  now.expression.left_eye = 0.02F;
  now.expression.mouth = 0.7F;
  const Head moved = transferred(head, first, now, &clipped);
  CHECK_FALSE(clipped);
  CHECK(moved.pose.yaw == Approx(head.pose.yaw + 0.2));
  CHECK(moved.pose.scale == Approx(head.pose.scale * 1.1));
  CHECK(moved.pose.x == head.pose.x);
  CHECK(moved.expression.left_eye == Approx(0.1));
  CHECK(moved.expression.right_eye == head.expression.right_eye);
  CHECK(moved.expression.mouth == Approx(0.6));
  CHECK(same(moved.identity, head.identity));
  now.expression.right_eye = -0.2F + 0.92F - 0.95F;  // further shut than shut
  CHECK(transferred(head, first, now, &clipped).expression.right_eye == 0);
  CHECK(clipped);
  now = first;
  now.pose.pitch = 1;
  CHECK(transferred(head, first, now, &clipped).pose.pitch == 0.44F);
  CHECK(clipped);
}
