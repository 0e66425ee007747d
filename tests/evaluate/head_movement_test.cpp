#include "evaluate/head_movement.h"

#include <cmath>

#include "heads/head_motion.h"
#include "support/catch.h"

using namespace animate::evaluate;
using namespace animate::heads;
using namespace animate::motion;
using namespace animate;

namespace {

heads::Head posed(uint64_t seed, const heads::HeadMotion& motion) {
  heads::Head head = heads::sample_head(seed, 0);
  head.pose = motion.pose;
  head.expression = motion.expression;
  return head;
}

HeadMovement true_movement(const heads::Head& head) { return movement_of(keypoints_of(heads::truth_of(head))); }

}  // namespace

TEST_CASE("mouth and blink are the drawn head's own numbers, however it is turned") {
  heads::Head head = heads::sample_head(3, 0);
  for (const float yaw : {-0.5F, 0.0F, 0.4F}) {
    for (const float scale : {0.8F, 1.1F}) {
      head.pose = {0.1F, -0.05F, scale, 0.3F, yaw, 0.2F};
      head.expression.left_eye = 0.4F;
      head.expression.right_eye = 0.6F;
      head.expression.mouth = 0.7F;
      const HeadMovement movement = true_movement(head);
      CHECK(*movement.mouth == Approx(0.3 + 0.7).epsilon(1e-5));
      CHECK(*movement.blink == Approx(0.15 + 0.85 * 0.5).epsilon(1e-5));
    }
  }
}

TEST_CASE("yaw is the nose's way along the eyes' axis") {
  KeypointSet keypoints{std::vector<std::array<float, 2>>(heads::kKeypoints), {}};
  // Eyes on a slope of 45 degrees, sqrt(2) apart; the nose a quarter of that along the axis, and below it.
  keypoints.points[heads::kLeftEye] = {0, 0};
  keypoints.points[heads::kRightEye] = {1, 1};
  keypoints.points[heads::kNoseTip] = {0.5F + 0.25F - 0.3F, 0.5F + 0.25F + 0.3F};
  const HeadMovement movement = movement_of(keypoints);
  CHECK(movement.yaw == Approx(0.25));
  CHECK_FALSE(movement.mouth.has_value());
  CHECK_FALSE(movement.blink.has_value());

  heads::Head head = heads::sample_head(5, 0);
  head.pose = {};
  CHECK(true_movement(head).yaw == Approx(0).margin(1e-6));
  head.pose.yaw = 0.3F;
  CHECK(true_movement(head).yaw > 0.1);
}

TEST_CASE("two heads in one clip move alike by these measures") {
  // What a perfect transfer would reach: head A's truth against head B's, whose faces differ.
  for (const uint64_t seed : {100001U, 100003U, 100005U}) {
    std::array<std::vector<double>, 3> a, b;
    for (const auto& motion : heads::smooth_motion(seed, 48)) {
      const HeadMovement of_a = true_movement(posed(seed - 1, motion)), of_b = true_movement(posed(seed, motion));
      a[0].push_back(of_a.yaw), a[1].push_back(*of_a.mouth), a[2].push_back(*of_a.blink);
      b[0].push_back(of_b.yaw), b[1].push_back(*of_b.mouth), b[2].push_back(*of_b.blink);
    }
    CHECK(*correlation(a[0], b[0]) > 0.98);
    CHECK(*correlation(a[1], b[1]) > 0.9999);
    CHECK(*correlation(a[2], b[2]) > 0.9999);
  }
}

TEST_CASE("Pearson's correlation") {
  using Series = std::vector<double>;
  CHECK(*correlation(Series{1, 2, 3}, Series{5, 7, 9}) == Approx(1));
  CHECK(*correlation(Series{1, 2, 3}, Series{3, 2, 1}) == Approx(-1));
  // deviations (-1, 0, 1) and (-1, 1, 0): 1 / 2
  CHECK(*correlation(Series{1, 2, 3}, Series{1, 3, 2}) == Approx(0.5));
  CHECK(*correlation(Series{1, 2, 3}, Series{4, 4, 4}) == 0);  // did not follow
  CHECK_FALSE(correlation(Series{4, 4, 4}, Series{1, 2, 3}).has_value());
  CHECK_FALSE(correlation(Series{1, 2}, Series{1, 2}).has_value());
}

TEST_CASE("five points more change no movement, and features are told apart from the rest") {
  const KeypointSet all = keypoints_of(heads::truth_of(heads::sample_head(4, 1)));
  REQUIRE(all.points.size() == heads::kKeypoints);
  const KeypointSet basic = first_of(all, heads::kBasicKeypoints);
  CHECK(basic.frames.size() == 12);
  CHECK(are_of_a_head(basic));
  CHECK(*movement_of(basic).mouth == *movement_of(all).mouth);
  KeypointSet off = all;
  off.points[heads::kChin][0] += 0.5F;
  CHECK(feature_error(off, all) == 0);
  off.points[heads::kUpperLip][1] += 0.22F;
  CHECK(feature_error(off, all) == Approx(0.22 / (2 * 11)));
}

TEST_CASE("jitter is the mean second difference") {
  Jitter jitter;
  const auto at = [](float x, float y) { return KeypointSet{{{x, y}}, {}}; };
  jitter.add(at(0, 0));
  jitter.add(at(1, 0));
  CHECK_FALSE(jitter.mean().has_value());
  jitter.add(at(2, 3));  // x: 0, y: 3
  CHECK(*jitter.mean() == Approx(1.5));
  jitter.add(at(1, 3));  // x: 1 - 4 + 1 = -2, y: 3 - 6 + 0 = -3
  CHECK(*jitter.mean() == Approx((0 + 3 + 2 + 3) / 4.0));
}

TEST_CASE("keypoint errors are mean absolute differences") {
  const KeypointSet a{{{0, 0}, {0.5F, 0.5F}}, {{1, 0, 0, 1}, {1, 0, 0, 1}}};
  const KeypointSet b{{{0.1F, 0}, {0.5F, 0.2F}}, {{1, 0, 0, 1}, {0.2F, 0, 0, 1}}};
  CHECK(keypoint_error(a, b) == Approx(0.4 / 4));
  CHECK(frame_error(a, b) == Approx(0.8 / 8));
}

TEST_CASE("a motion that is no keypoints gives none") {
  Motion motion;
  motion.arrays["image"] = {{1, 3, 2, 2}, std::vector<float>(12)};
  CHECK_FALSE(keypoints_of(motion).has_value());
  motion.arrays["value"] = {{1, 2, 2}, {1, 2, 3, 4}};
  const auto keypoints = keypoints_of(motion);
  REQUIRE(keypoints.has_value());
  CHECK(keypoints->points[1] == std::array<float, 2>{3, 4});
  CHECK(keypoints->frames.empty());
  CHECK_FALSE(are_of_a_head(*keypoints));
}
