#include "motion/rotation.h"

#include <cmath>
#include <vector>

#include "support/catch.h"
#include "support/expect_error.h"
#include "support/motion_fixtures.h"

using namespace animate::motion;
using namespace animate;
using test::largest_difference;

namespace {

constexpr Matrix3 kIdentity{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};

}  // namespace

TEST_CASE("one sure bin is its degrees, equal bins the middle") {
  std::vector<float> logits(66, -200);
  logits[0] = 200;
  CHECK(degrees_from_bins(logits) == Approx(-97.5));
  logits[0] = -200;
  logits[65] = 3e8F;  // would overflow without subtracting the largest
  CHECK(degrees_from_bins(logits) == Approx(97.5));
  CHECK(degrees_from_bins(std::vector<float>(66, 5)) == Approx(0).margin(1e-5));
  CHECK(degrees_from_bins(std::vector<float>{12.5F}) == 12.5F);
}

TEST_CASE("a pose head of another width is refused") {
  CHECK(test::error_of(ErrorKind::Model, [] { degrees_from_bins(std::vector<float>(65)); }) ==
        "motion extractor: a pose head gives 65 values, not 66 bins; use weights of LivePortrait");
  test::error_of(ErrorKind::Model, [] { degrees_from_bins({}); });
}

TEST_CASE("angles come back, at the poles too") {
  const HeadPose pose = head_pose(rotation_matrix({12, -34, 56}));
  CHECK(pose.pitch == Approx(12).margin(1e-4));
  CHECK(pose.yaw == Approx(-34).margin(1e-4));
  CHECK(pose.roll == Approx(56).margin(1e-4));
  for (const float yaw : {-90.0F, 90.0F}) {
    const Matrix3 pole = rotation_matrix({25, yaw, -40});
    CHECK(head_pose(pole).yaw == Approx(yaw).margin(0.05));
    CHECK(largest_difference(rotation_matrix(head_pose(pole)), pole) < 2e-3);  // where float knows a 20th of a degree
  }
  // An exact pole, which takes the other branch.
  const Matrix3 exact{{{0, 0, -1}, {0, 1, 0}, {1, 0, 0}}};
  CHECK(largest_difference(rotation_matrix(head_pose(exact)), exact) < 1e-6);
  const Matrix3 turned{{{0, 0, -1}, {1, 0, 0}, {0, -1, 0}}};
  CHECK(largest_difference(rotation_matrix(head_pose(turned)), turned) < 1e-6);
}

TEST_CASE("slerp turns at constant speed along the shorter way") {
  const Matrix3 a = rotation_matrix({0, -10, 0});
  const Matrix3 b = rotation_matrix({0, 30, 0});
  CHECK(slerp(a, b, 0) == a);
  CHECK(slerp(a, b, 1) == b);
  CHECK(slerp(a, a, 0.3) == a);
  CHECK(head_pose(slerp(a, b, 0.25)).yaw == Approx(0).margin(1e-4));
  CHECK(head_pose(slerp(a, b, 0.75)).yaw == Approx(20).margin(1e-4));
  // From 170 to -170 degrees of roll it is 20 degrees over 180, not 340 over 0.
  const Matrix3 middle = slerp(rotation_matrix({0, 0, 170}), rotation_matrix({0, 0, -170}), 0.5);
  CHECK(std::abs(head_pose(middle).roll) == Approx(180).margin(1e-3));
  // Any way between opposite ones is right, as long as it is half of it and a rotation.
  const Matrix3 opposite = rotation_matrix({0, 0, 180});
  const Matrix3 half = slerp(kIdentity, opposite, 0.5);
  CHECK(angle_between(kIdentity, half) == Approx(90).margin(1e-3));
  CHECK(angle_between(half, opposite) == Approx(90).margin(1e-3));
  // So near that the arc is its chord.
  const Matrix3 near = rotation_matrix({0, 0.001F, 0});
  CHECK(head_pose(slerp(kIdentity, near, 0.5)).yaw == Approx(0.0005).margin(1e-5));
}

TEST_CASE("slerp works for every pair of a grid, whichever part of the quaternion is largest") {
  std::vector<Matrix3> grid;
  for (const float pitch : {-180.0F, -90.0F, 0.0F, 100.0F}) {
    for (const float yaw : {-80.0F, 0.0F, 45.0F}) {
      for (const float roll : {-170.0F, 0.0F, 90.0F}) grid.push_back(rotation_matrix({pitch, yaw, roll}));
    }
  }
  for (const Matrix3& a : grid) {
    for (const Matrix3& b : grid) {
      const Matrix3 between = slerp(a, b, 0.3);
      const double whole = angle_between(a, b);
      REQUIRE(angle_between(a, between) == Approx(0.3 * whole).margin(2e-3));
      REQUIRE(angle_between(between, b) == Approx(0.7 * whole).margin(2e-3));
      REQUIRE(largest_difference(multiply(between, transpose(between)), kIdentity) < 1e-6);
    }
  }
}

TEST_CASE("a bent frame becomes a rotation again, a rotation stays, nonsense is left alone") {
  const Matrix3 rotation = rotation_matrix({10, 20, 30});
  CHECK(largest_difference(nearest_rotation(rotation), rotation) < 2e-7);
  Matrix3 bent = rotation;
  for (Point3& row : bent) {
    for (float& value : row) value *= 0.9F;
  }
  CHECK(largest_difference(nearest_rotation(bent), rotation) < 2e-7);
  bent[0][1] += 0.05F;
  const Matrix3 mended = nearest_rotation(bent);
  CHECK(largest_difference(multiply(mended, transpose(mended)), kIdentity) < 1e-6);
  CHECK(angle_between(mended, rotation) < 3);
  const Matrix3 mirror{{{-1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
  CHECK(nearest_rotation(mirror) == mirror);
  CHECK(nearest_rotation(Matrix3{}) == Matrix3{});
}

TEST_CASE("angles between rotations are exact when small and right when large") {
  CHECK(angle_between(kIdentity, kIdentity) == 0);
  CHECK(angle_between(kIdentity, rotation_matrix({0, 0, 0.01F})) == Approx(0.01).epsilon(1e-4));
  CHECK(angle_between(rotation_matrix({0, 40, 0}), rotation_matrix({0, -50, 0})) == Approx(90).margin(1e-4));
  CHECK(angle_between(kIdentity, rotation_matrix({180, 0, 0})) == Approx(180).margin(1e-4));
}
