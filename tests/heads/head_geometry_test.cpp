#include "heads/head_geometry.h"

#include <cmath>

#include "support/catch.h"

using namespace animate::heads;

TEST_CASE("the rotation is roll after yaw after pitch, in a picture whose y points down") {
  const auto nose = [](const Pose& pose) { return turn(rotation_of(pose), {0, 0, 1}); };
  Pose pose;
  pose.yaw = 0.3F;
  CHECK(nose(pose)[0] == Approx(std::sin(0.3)));  // to the right
  pose = {};
  pose.pitch = 0.3F;
  CHECK(nose(pose)[1] == Approx(-std::sin(0.3)));  // up
  pose = {};
  pose.roll = 0.3F;
  CHECK(turn(rotation_of(pose), {1, 0, 0})[1] == Approx(std::sin(0.3)));  // clockwise: the right side sinks
  // Rz Ry Rx, multiplied by hand for one vector.
  pose.yaw = -0.4F;
  pose.pitch = 0.2F;
  const double c = std::cos(0.2), s = std::sin(0.2);
  const Vector3 pitched{0.5, c * 0.7 - s * 0.9, s * 0.7 + c * 0.9};
  const double cy = std::cos(-0.4), sy = std::sin(-0.4);
  const Vector3 yawed{cy * 0.5 + sy * pitched[2], pitched[1], -sy * 0.5 + cy * pitched[2]};
  const double cr = std::cos(0.3), sr = std::sin(0.3);
  const Vector3 turned = turn(rotation_of(pose), {0.5, 0.7, 0.9});
  CHECK(turned[0] == Approx(cr * yawed[0] - sr * yawed[1]));
  CHECK(turned[1] == Approx(sr * yawed[0] + cr * yawed[1]));
  CHECK(turned[2] == Approx(yawed[2]));
}

TEST_CASE("the face is the ellipsoid of the heads page") {
  Identity who;
  who.face_width = 0.25F;
  who.face_height = 0.32F;
  const Vector3 point = surface_point(who, 0.4, -0.5, 0.01);
  CHECK(point[0] == Approx(0.1));
  CHECK(point[1] == Approx(-0.16));
  CHECK(point[2] == Approx(0.95 * 0.25 * std::sqrt(1 - 0.85 * 0.16 - 0.6 * 0.25) + 0.01));
  CHECK(surface_point(who, 1.1, 1, 0)[2] == 0);
}

TEST_CASE("keypoints are placed features, frames are scale R with blink and mouth in them") {
  Head head;
  head.pose = {0.05F, -0.02F, 1.1F, 0.2F, -0.3F, 0.1F};
  head.expression = {0.2F, 1, 0.4F, 0.5F, -0.3F, 0, 0};
  const HeadTruth truth = truth_of(head);
  const Identity& who = head.identity;
  const Vector3 eye = place(head.pose, surface_point(who, -who.eye_x, who.eye_y));
  CHECK(truth.points[kLeftEye][0] == Approx(2 * eye[0] - 1));
  CHECK(truth.points[kLeftEye][1] == Approx(2 * eye[1] - 1));
  const Vector3 chin = place(head.pose, surface_point(who, 0, 1));
  CHECK(truth.points[kChin][1] == Approx(2 * chin[1] - 1));

  const Matrix3 r = rotation_of(head.pose);
  for (size_t k = 0; k < kKeypoints; ++k) {
    const double squeeze = k == kLeftEye ? 0.15 + 0.85 * 0.2 : k == kRightEye ? 1.0 : k == kLowerLip ? 0.7 : 1.0;
    CAPTURE(k);
    CHECK(truth.frames[k][0] == Approx(1.1 * r[0][0]));
    CHECK(truth.frames[k][1] == Approx(1.1 * r[0][1] * squeeze));
    CHECK(truth.frames[k][2] == Approx(1.1 * r[1][0]));
    CHECK(truth.frames[k][3] == Approx(1.1 * r[1][1] * squeeze));
  }
}

TEST_CASE("talking lowers the lip, brows rise, smiling lifts the corners") {
  Head calm, lively;
  lively.expression.mouth = 1;
  lively.expression.smile = 1;
  lively.expression.brow = 1;
  const HeadTruth a = truth_of(calm), b = truth_of(lively);
  CHECK(b.points[kLowerLip][1] > a.points[kLowerLip][1] + 0.05F);
  CHECK(b.points[kLeftBrow][1] < a.points[kLeftBrow][1] - 0.02F);
  CHECK(b.points[kLeftMouth][1] < a.points[kLeftMouth][1] - 0.02F);
}

TEST_CASE("a side that is turned away is not visible") {
  Head head;
  for (const bool visible : truth_of(head).visible) CHECK(visible);
  head.pose.yaw = 0.7F;
  const HeadTruth right = truth_of(head);
  CHECK_FALSE(right.visible[kRightSide]);
  CHECK(right.visible[kLeftSide]);
  CHECK(right.visible[kNoseTip]);
  head.pose.yaw = -0.7F;
  CHECK_FALSE(truth_of(head).visible[kLeftSide]);
}

TEST_CASE("lids and the upper lip follow the twelve points of old, and carry blinks and speech by their places") {
  STATIC_REQUIRE(kBasicKeypoints == 12);
  STATIC_REQUIRE(kKeypoints == 17);
  STATIC_REQUIRE(kUpperLip == 16);
  Head open, shut;
  shut.expression.left_eye = 0;
  open.expression.mouth = 1;
  const HeadTruth a = truth_of(open), b = truth_of(shut);
  const auto lids = [](const HeadTruth& truth, size_t upper) {
    return truth.points[upper + 1][1] - truth.points[upper][1];
  };
  CHECK(lids(a, kLeftUpperLid) > 0.05F);
  CHECK(lids(b, kLeftUpperLid) == Approx(0).margin(1e-6));
  CHECK(lids(b, kRightUpperLid) == Approx(lids(a, kRightUpperLid)));
  CHECK(a.points[kLeftUpperLid][1] < a.points[kLeftEye][1]);
  CHECK(a.points[kLowerLip][1] - a.points[kUpperLip][1] > b.points[kLowerLip][1] - b.points[kUpperLip][1] + 0.08F);
  for (const size_t k : {kLeftUpperLid, kRightLowerLid, kUpperLip}) CHECK(a.frames[k] == a.frames[kNoseTip]);
}
