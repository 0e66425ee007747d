#include "motion/template_mirror.h"

#include <cstring>

#include "motion/rotation.h"
#include "motion/template_file.h"
#include "motion/template_pickle.h"
#include "support/catch.h"
#include "support/expect_error.h"
#include "support/fixtures.h"
#include "support/skip.h"

using namespace animate::motion;
using namespace animate;

namespace {

// Ten points on either side and one in the middle, nearly symmetric as a learned face is.
FaceTemplate face_with_points() {
  FaceTemplate face;
  face.frame_rate = {25, 1};
  face.time_base = {1, 25};
  for (int i = 0; i < 3; ++i) {
    const auto number = static_cast<float>(i);
    FaceFrame frame;
    frame.motion.rotation = rotation_matrix({5, 10 + number, -7});
    frame.motion.translation = {0.1F * number, 0.2F, 0.3F};
    frame.ratios = OpenRatios{{0.1F, 0.2F + number}, 0.3F};
    for (size_t k = 0; k < 21; ++k) {
      const float side = k % 2 == 0 ? -0.4F : 0.4F;
      const auto height = static_cast<float>(k / 2) * 0.1F;
      frame.motion.canonical.push_back({k == 20 ? 0.004F : side + height / 50, height, 0.2F * number});
      frame.motion.expression.push_back({0.01F * static_cast<float>(k), -0.02F * number, 0.001F});
    }
    face.frames.push_back(frame);
    face.pts.push_back(i);
    face.duration.push_back(1);
  }
  return face;
}

bool same_bits(const Motion& a, const Motion& b) {
  if (a != b) return false;
  for (const auto& [name, array] : a.arrays) {
    const auto& other = b.arrays.at(name).values;
    if (std::memcmp(array.values.data(), other.data(), other.size() * sizeof(float)) != 0) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("mirror partners come from the canonical points where they pair up") {
  FaceTemplate face = face_with_points();
  const auto partners = mirror_partners(face);
  REQUIRE(partners.size() == 21);
  for (size_t k = 0; k < 20; ++k) CHECK(partners[k] == (k ^ 1U));
  CHECK(partners[20] == 20);
  // Two points that claim one partner: the table of what the sliders move alike takes their place.
  for (FaceFrame& frame : face.frames) frame.motion.canonical[3] = frame.motion.canonical[1];
  CHECK(mirror_partners(face)[11] == 15);
  CHECK(mirror_partners(face)[16] == 13);
  CHECK(mirror_partners(face)[19] == 19);
}

TEST_CASE("a mirrored face looks the other way and its keypoints are the mirror image") {
  const FaceTemplate face = face_with_points();
  const FaceTemplate turned = mirror(face, "a");
  for (size_t i = 0; i < face.frames.size(); ++i) {
    const HeadPose before = head_pose(face.frames[i].motion.rotation);
    const HeadPose after = head_pose(turned.frames[i].motion.rotation);
    CHECK(after.pitch == Approx(before.pitch));
    CHECK(after.yaw == Approx(-before.yaw));
    CHECK(after.roll == Approx(-before.roll));
    const Points3 points = face.frames[i].motion.keypoints();
    const Points3 image = turned.frames[i].motion.keypoints();
    for (size_t k = 0; k < 21; ++k) {
      const Point3& partner = points[k == 20 ? 20 : k ^ 1U];
      CHECK(image[k][0] == Approx(-partner[0]).margin(1e-6));
      CHECK(image[k][1] == Approx(partner[1]).margin(1e-6));
    }
    CHECK(turned.frames[i].ratios->eyes[0] == face.frames[i].ratios->eyes[1]);
    CHECK(turned.frames[i].ratios->lip == face.frames[i].ratios->lip);
  }
}

namespace {

void check_mirrored_twice(const MotionTemplate& motion) {
  const MotionTemplate once = to_motion_template(mirror(to_face_template(motion, "a"), "a"));
  const MotionTemplate twice = to_motion_template(mirror(to_face_template(once, "a"), "a"));
  REQUIRE(twice.frames.size() == motion.frames.size());
  CHECK_FALSE(once == motion);
  for (size_t i = 0; i < motion.frames.size(); ++i) CHECK(same_bits(twice.frames[i], motion.frames[i]));
}

}  // namespace

TEST_CASE("mirrored twice is the same to the bit") {
  std::vector<MotionTemplate> all{to_motion_template(face_with_points())};
  for (const char* name : {"new_format.pkl", "old_format.pkl", "animal_format.pkl"}) {
    all.push_back(load_motion_template((test::liveportrait_fixtures() / "templates") / name));
  }
  for (const MotionTemplate& motion : all) check_mirrored_twice(motion);
}

TEST_CASE("the original's own templates, mirrored twice, are the same to the bit", "[optional]") {
  const auto folder = test::material("media/templates");
  if (folder.empty()) return test::skip("media/templates is not in $ANIMATE_MATERIAL");
  for (const char* name : {"d5.pkl", "laugh.pkl", "wink.pkl"})
    check_mirrored_twice(load_motion_template(folder / name));
}

TEST_CASE("a motion of unknown sides is not mirrored") {
  FaceTemplate face = face_with_points();
  for (FaceFrame& frame : face.frames) {
    frame.motion.canonical.clear();
    frame.motion.expression.resize(7);
  }
  CHECK(test::error_of(ErrorKind::Input, [&] { mirror(face, "a"); }) ==
        "a: which of its points are left and which are right is not known; mirror the clip before making a template of "
        "it");
}
