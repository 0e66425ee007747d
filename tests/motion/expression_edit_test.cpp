#include "motion/expression_edit.h"

#include "motion/lip_array.h"
#include "motion/rotation.h"
#include "support/catch.h"
#include "support/expect_error.h"
#include "support/faces.h"
#include "support/motion_fixtures.h"

using namespace animate::motion;
using namespace animate;
using test::largest_difference;

namespace {

// Shows its inputs in its outputs: what it adds can be told apart.
struct Marks : Retargeter {
  Points3 stitch(const Points3&, const Points3& driving) const override {
    Points3 result = driving;
    result[0][0] += 100;
    return result;
  }
  Points3 eye_delta(const Points3& source, const std::array<float, 3>& ratios) const override {
    Points3 delta(source.size(), Point3{});
    delta[1] = {ratios[0], ratios[1], ratios[2]};
    return delta;
  }
  Points3 lip_delta(const Points3& source, const std::array<float, 2>& ratios) const override {
    Points3 delta(source.size(), Point3{});
    delta[2] = {ratios[0], ratios[1], 0};
    return delta;
  }
};

}  // namespace

TEST_CASE("the table of sliders is complete and consistent") {
  for (size_t i = 0; i < kSliders; ++i) {
    const auto slider = static_cast<Slider>(i);
    const SliderInfo& info = slider_info(slider);
    INFO(info.name);
    CHECK(find_slider(info.name) == slider);
    CHECK_FALSE(info.help.empty());
    CHECK(info.low <= info.neutral);
    CHECK(info.neutral < info.high);
    CHECK(SliderValues()[slider] == info.neutral);
    CHECK(info.above.empty() == info.below.empty());
  }
  CHECK_FALSE(find_slider("grimace").has_value());
}

TEST_CASE("neutral sliders change nothing but the depth that the original adds") {
  const FaceFrame face = test::made_up_face(5);
  FaceEdit edit;
  Points3 expected = face.motion.keypoints();
  for (Point3& point : expected) point[2] += face.motion.translation[2];
  CHECK(largest_difference(edited_keypoints(face, edit, nullptr), expected) == 0);
}

TEST_CASE("sliders of points that a model lacks do nothing") {
  SliderValues values;
  values[Slider::LipThree] = 50;
  values[Slider::MovX] = 0.1;
  const Points3 delta = expression_delta(values, 7);
  REQUIRE(delta.size() == 7);
  CHECK(delta[5][0] == -0.1F);
  CHECK(largest_difference(delta, [&] {
          Points3 only(7, Point3{});
          only[5][0] = -0.1F;
          return only;
        }()) == 0);
}

TEST_CASE("targets for eyes and lips go through their networks, then everything is stitched") {
  const FaceFrame face = test::made_up_face(6);
  const Marks marks;
  FaceEdit edit;
  edit.stitching = false;
  const Points3 before = edited_keypoints(face, edit, &marks);
  edit.eyes_open = 0.5;
  edit.lip_open = 0.25;
  edit.stitching = true;
  const Points3 after = edited_keypoints(face, edit, &marks);
  CHECK(after[0][0] - before[0][0] == Approx(100));
  CHECK(after[1][0] - before[1][0] == Approx(face.ratios->eyes[0]).margin(1e-6));
  CHECK(after[1][1] - before[1][1] == Approx(face.ratios->eyes[1]).margin(1e-6));
  CHECK(after[1][2] - before[1][2] == Approx(0.5));
  CHECK(after[2][0] - before[2][0] == Approx(face.ratios->lip).margin(1e-6));
  CHECK(after[2][1] - before[2][1] == Approx(0.25));
}

TEST_CASE("targets without a network or without measures are refused") {
  FaceFrame face = test::made_up_face(6);
  const Marks marks;
  FaceEdit edit;
  edit.lip_open = 0.3;
  CHECK(test::error_of(ErrorKind::Model, [&] { edited_keypoints(face, edit, nullptr); }) ==
        "retargeting: the model has no stitching_retargeting_module.pth; add it to the model's folder, or leave the "
        "eyes and lips as open as they are");
  face.ratios.reset();
  CHECK(test::error_of(ErrorKind::Input, [&] { edited_keypoints(face, edit, &marks); }) ==
        "source: eyes and lips were not measured; give the model its landmark.onnx, or leave them as open as they are");
}

TEST_CASE("lips of a video: a frame without measures follows the one before") {
  auto faces = test::made_up_faces(3);
  faces[0].ratios.reset();
  faces[2].ratios.reset();
  const Marks marks;
  const auto lips = retarget_lips(faces, 0.4, marks, 0);
  REQUIRE(lips.size() == 3);
  const auto delta = [&](size_t i) { return lips[i][2][1] - faces[i].motion.keypoints()[2][1]; };
  CHECK(delta(0) == Approx(0).margin(1e-6));
  CHECK(delta(1) == Approx(0.4));
  CHECK(delta(2) == Approx(0.4));
  CHECK(lips[1][0][0] - faces[1].motion.keypoints()[0][0] == Approx(100));
  CHECK(retarget_lips({}, 0.4, marks).empty());
}

TEST_CASE("silent lips keep the eyes' expression and the depth") {
  const FaceFrame face = test::made_up_face(8);
  const Marks marks;
  const Points3 silent = silent_lips(face.motion, nullptr);
  FaceMotion expected = face.motion;
  expected.expression = lip_array();
  for (const size_t k : {11, 13, 15, 16, 18}) expected.expression[k] = face.motion.expression[k];
  Points3 keypoints = expected.keypoints();
  for (Point3& point : keypoints) point[2] += face.motion.translation[2];
  CHECK(largest_difference(silent, keypoints) == 0);
  CHECK(silent_lips(face.motion, &marks)[0][0] - silent[0][0] == Approx(100));
}

TEST_CASE("an edited video keeps its own motion, and takes each frame's edit") {
  const auto faces = test::made_up_faces(4);
  std::vector<FaceEdit> edits(4);
  auto result = edited_video(faces, edits, nullptr);
  REQUIRE(result.size() == 4);
  for (size_t i = 0; i < 4; ++i) CHECK(result[i] == faces[i].motion.keypoints());

  edits[2].sliders[Slider::MovX] = 0.1;
  edits[3].sliders[Slider::MovZ] = 1.1;
  edits[3].sliders[Slider::HeadYaw] = 10;
  result = edited_video(faces, edits, nullptr);
  CHECK(result[1] == faces[1].motion.keypoints());
  CHECK(result[2][5][0] - faces[2].motion.keypoints()[5][0] == Approx(-0.1 * faces[2].motion.scale));
  CHECK(result[2][6] == faces[2].motion.keypoints()[6]);
  // The image formula without its depth.
  Points3 still = edited_keypoints(faces[3], edits[3], nullptr);
  for (Point3& point : still) point[2] -= faces[3].motion.translation[2];
  CHECK(largest_difference(result[3], still) < 1e-6);
  CHECK(largest_difference(result[3], faces[3].motion.keypoints()) > 1e-2);
}

TEST_CASE("eyes and lips of an edited video are smoothed as the original's lips are") {
  const auto faces = test::made_up_faces(5);
  const Marks marks;
  std::vector<FaceEdit> edits(5);
  for (FaceEdit& edit : edits) edit.lip_open = 0.3;
  CHECK(edited_video(faces, edits, &marks) == retarget_lips(faces, 0.3, marks));
  for (FaceEdit& edit : edits) edit.eyes_open = 0.2;
  const auto both = edited_video(faces, edits, &marks);
  for (size_t i = 0; i < 5; ++i) CHECK(both[i][1][2] - faces[i].motion.keypoints()[1][2] == Approx(0.2).margin(1e-5));
  for (FaceEdit& edit : edits) edit.stitching = false;
  CHECK(both[0][0][0] - edited_video(faces, edits, &marks)[0][0][0] == Approx(100));

  auto unmeasured = faces;
  for (FaceFrame& face : unmeasured) face.ratios.reset();
  test::error_of(ErrorKind::Input, [&] { edited_video(unmeasured, edits, &marks); });
  test::error_of(ErrorKind::Model, [&] { edited_video(faces, edits, nullptr); });
}

TEST_CASE("on top of a driver an edit adds what it adds to the moved face") {
  const FaceFrame source = test::made_up_face(6);
  const FaceMotion moved = test::made_up_face(9).motion;
  const Marks marks;
  FaceEdit edit;
  CHECK(edit_on_top(moved, source, edit, nullptr) == Points3(moved.canonical.size(), Point3{}));
  edit.sliders[Slider::Smile] = 1;
  edit.lip_open = 0.25;
  const Points3 delta = edit_on_top(moved, source, edit, &marks);
  CHECK(delta[14][1] == Approx(-0.02 * moved.scale).margin(1e-6));
  CHECK(delta[2][0] == Approx(source.ratios->lip).margin(1e-6));
  CHECK(delta[2][1] == Approx(0.25).margin(1e-6));
}
