#include "motion/motion_transfer.h"

#include "motion/animal_transfer.h"
#include "motion/rotation.h"
#include "motion/smooth_motion.h"
#include "support/catch.h"
#include "support/expect_error.h"
#include "support/faces.h"
#include "support/motion_fixtures.h"

using namespace animate::motion;
using namespace animate;
using test::largest_difference;
using test::made_up_face;
using test::made_up_faces;

namespace {

constexpr AnimationRegion kRegions[] = {AnimationRegion::All, AnimationRegion::Expression, AnimationRegion::Pose,
                                        AnimationRegion::Lip, AnimationRegion::Eyes};

DrivingMotion video(std::vector<FaceFrame> frames, size_t reference = 0) {
  return {std::move(frames), true, reference};
}
DrivingMotion still(FaceFrame frame) { return {{std::move(frame)}, false, 0}; }

// Counts its calls and changes nothing.
struct Counter : Retargeter {
  Points3 stitch(const Points3&, const Points3& driving) const override {
    ++stitched;
    return driving;
  }
  Points3 eye_delta(const Points3& source, const std::array<float, 3>&) const override {
    ++eyes;
    return Points3(source.size(), Point3{});
  }
  Points3 lip_delta(const Points3& source, const std::array<float, 2>&) const override {
    ++lips;
    return Points3(source.size(), Point3{});
  }
  mutable int stitched = 0, eyes = 0, lips = 0;
};

}  // namespace

TEST_CASE("the reference frame leaves a still source where it is, whichever frame it is") {
  const FaceFrame source = made_up_face(100);
  for (const size_t reference : {0, 3}) {
    for (const AnimationRegion region : kRegions) {
      for (const auto option : {DrivingOption::ExpressionFriendly, DrivingOption::PoseFriendly}) {
        TransferOptions options;
        options.region = region;
        options.driving_option = option;
        const MotionTransfer transfer(options, nullptr, source, video(made_up_faces(5), reference));
        REQUIRE(transfer.size() == 5);
        CHECK(largest_difference(transfer.driving_keypoints(reference), transfer.source_keypoints(0)) < 1e-6);
        CHECK(largest_difference(transfer.driving_keypoints(4), transfer.source_keypoints(0)) > 1e-3);
      }
    }
  }
}

TEST_CASE("relative motion may start from a frame that the result does not show") {
  const FaceFrame source = made_up_faces(1)[0];
  const auto frames = made_up_faces(5);
  DrivingMotion without_it = video({frames[0], frames[1], frames[2]});
  without_it.start = frames[4];
  const MotionTransfer apart({}, nullptr, source, without_it);
  const MotionTransfer among({}, nullptr, source, video(frames, 4));
  for (size_t i = 0; i < 3; ++i) CHECK(apart.driving_keypoints(i) == among.driving_keypoints(i));
  CHECK(apart.size() == 3);
}

TEST_CASE("a source video driven from its own reference frame keeps its motion") {
  const auto source = made_up_faces(4, 50);
  TransferOptions options;
  options.driving_smooth_observation_variance = 0;
  for (const size_t reference : {0, 2}) {
    const MotionTransfer transfer(options, nullptr, source, video(made_up_faces(6), reference));
    REQUIRE(transfer.size() == 4);
    CHECK(largest_difference(transfer.driving_keypoints(reference), transfer.source_keypoints(reference)) < 1e-6);
    CHECK(largest_difference(transfer.driving_keypoints(1), transfer.source_keypoints(1)) > 1e-3);
  }
}

TEST_CASE("lengths: the shorter of two videos, else the one there is") {
  const auto faces = made_up_faces(7);
  const TransferOptions options;
  CHECK(MotionTransfer(options, nullptr, made_up_faces(3), video(faces)).size() == 3);
  CHECK(MotionTransfer(options, nullptr, faces, video(made_up_faces(3))).size() == 3);
  CHECK(MotionTransfer(options, nullptr, faces, still(faces[0])).size() == 7);
  CHECK(MotionTransfer(options, nullptr, faces[0], video(faces)).size() == 7);
  CHECK(MotionTransfer(options, nullptr, faces[0], still(faces[1])).size() == 1);
  const MotionTransfer transfer(options, nullptr, faces[0], still(faces[1]));
  test::error_of(ErrorKind::Internal, [&] { transfer.driving_keypoints(1); });
  test::error_of(ErrorKind::Internal, [&] { transfer.source_keypoints(1); });
}

TEST_CASE("absolute motion of a still source has the driver's own pose") {
  const FaceFrame source = made_up_face(9);
  const auto driving = made_up_faces(2, 30);
  TransferOptions options;
  options.relative = false;
  options.region = AnimationRegion::Pose;
  const MotionTransfer transfer(options, nullptr, source, video(driving));
  FaceMotion expected = source.motion;
  expected.rotation = driving[1].motion.rotation;
  expected.translation = driving[1].motion.translation;
  CHECK(largest_difference(transfer.driving_keypoints(1), expected.keypoints()) < 1e-6);
}

TEST_CASE("the multiplier stretches what moves") {
  const auto driving = made_up_faces(3, 30);
  TransferOptions options;
  const MotionTransfer plain(options, nullptr, made_up_face(9), video(driving));
  options.driving_multiplier = 2;
  const MotionTransfer twice(options, nullptr, made_up_face(9), video(driving));
  options.driving_multiplier = 0;
  const MotionTransfer none(options, nullptr, made_up_face(9), video(driving));
  const Points3 at_rest = plain.source_keypoints(2);
  CHECK(none.driving_keypoints(2) == at_rest);
  const float once = plain.driving_keypoints(2)[4][1] - at_rest[4][1];
  CHECK(twice.driving_keypoints(2)[4][1] - at_rest[4][1] == Approx(2 * once).margin(1e-6));
}

TEST_CASE("models of other numbers of points are moved too") {
  for (const size_t points : {1, 7, 30}) {
    for (const AnimationRegion region : kRegions) {
      TransferOptions options;
      options.region = region;
      const auto driving = made_up_faces(3, 20, points);
      const MotionTransfer one(options, nullptr, made_up_face(2, points), video(driving));
      const MotionTransfer many(options, nullptr, made_up_faces(3, 2, points), still(driving[0]));
      CHECK(one.driving_keypoints(2).size() == points);
      CHECK(many.driving_keypoints(2).size() == points);
    }
  }
}

TEST_CASE("a flat face is moved unscaled") {
  FaceFrame source = made_up_face(3);
  for (Point3& point : source.motion.canonical) point[2] = 0;
  for (Point3& point : source.motion.expression) point = {};
  const auto driving = made_up_faces(3, 60);
  TransferOptions options;
  const MotionTransfer friendly(options, nullptr, source, video(driving));
  options.driving_option = DrivingOption::PoseFriendly;
  const MotionTransfer plain(options, nullptr, source, video(driving));
  CHECK(largest_difference(friendly.driving_keypoints(2), plain.driving_keypoints(2)) < 1e-6);
}

TEST_CASE("which networks are asked") {
  const FaceFrame source = made_up_face(1);
  const auto driving = made_up_faces(3, 10);
  const auto calls = [&](const TransferOptions& options, const FaceFrame& face) {
    Counter counter;
    const MotionTransfer transfer(options, &counter, face, video(driving));
    counter = Counter();
    transfer.driving_keypoints(1);
    return std::array<int, 3>{counter.stitched, counter.eyes, counter.lips};
  };
  using Calls = std::array<int, 3>;
  TransferOptions options;
  CHECK(calls(options, source) == Calls{1, 0, 0});
  options.normalize_lip = true;
  CHECK(calls(options, source) == Calls{1, 0, 1});
  options.lip_normalize_threshold = 0.9;
  CHECK(calls(options, source) == Calls{1, 0, 0});
  options.lip_normalize_threshold = 0;
  options.relative = false;
  CHECK(calls(options, source) == Calls{1, 0, 0});
  options.eye_retargeting = true;
  options.stitching = false;
  CHECK(calls(options, source) == Calls{0, 1, 0});
  options.relative = true;
  options.lip_retargeting = true;
  CHECK(calls(options, source) == Calls{0, 1, 1});
  options.source_video_eye_retargeting = true;  // says nothing about a still source
  CHECK(calls(options, source) == Calls{0, 1, 1});
  FaceFrame unmeasured = source;
  unmeasured.ratios.reset();
  CHECK(calls(options, unmeasured) == Calls{0, 0, 0});
}

TEST_CASE("without networks nothing is stitched, and retargeting says what is missing") {
  const FaceFrame source = made_up_face(1);
  const auto driving = made_up_faces(3, 10);
  Counter counter;
  TransferOptions options;
  const MotionTransfer with(options, &counter, source, video(driving));
  const MotionTransfer without(options, nullptr, source, video(driving));
  CHECK(with.driving_keypoints(2) == without.driving_keypoints(2));
  for (const auto flag :
       {&TransferOptions::eye_retargeting, &TransferOptions::lip_retargeting, &TransferOptions::normalize_lip}) {
    TransferOptions asking;
    asking.*flag = true;
    CHECK(test::error_of(ErrorKind::Model, [&] { MotionTransfer(asking, nullptr, source, video(driving)); }) ==
          "retargeting: the model has no stitching_retargeting_module.pth; add it to the model's folder, or leave out "
          "retargeting and lip normalisation");
  }
  options.source_video_eye_retargeting = true;
  CHECK_NOTHROW(MotionTransfer(options, nullptr, source, video(driving)));
  test::error_of(ErrorKind::Model, [&] { MotionTransfer(options, nullptr, made_up_faces(2), video(driving)); });
}

TEST_CASE("drivers that cannot drive are refused with one sentence") {
  const FaceFrame source = made_up_face(1);
  const TransferOptions options;
  CHECK(test::error_of(ErrorKind::Input, [&] {
          MotionTransfer(options, nullptr, source, video(made_up_faces(2, 1, 68)));
        }) == "driver: its motion has 68 points and the source's 21; use a driver made for this model");
  CHECK(test::error_of(ErrorKind::Input, [&] {
          MotionTransfer(options, nullptr, source, video(made_up_faces(2), 2));
        }) == "driver: there is no frame 2 to start from, it has 2; choose another reference frame");
  auto scaleless = made_up_faces(3);
  scaleless[1].motion.scale = 0;
  CHECK(test::error_of(ErrorKind::Input, [&] { MotionTransfer(options, nullptr, source, video(scaleless, 1)); }) ==
        "driver: the face in reference frame 1 has the scale 0; choose another reference frame");
  CHECK_NOTHROW(MotionTransfer(options, nullptr, source, video(scaleless, 0)));
  TransferOptions negative;
  negative.driving_smooth_observation_variance = -1;
  test::error_of(ErrorKind::Usage,
                 [&] { MotionTransfer(negative, nullptr, made_up_faces(2), video(made_up_faces(2))); });
  test::error_of(ErrorKind::Internal, [&] { MotionTransfer(options, nullptr, source, video({})); });
  FaceFrame bare = source;
  bare.motion.canonical.clear();
  test::error_of(ErrorKind::Internal, [&] { MotionTransfer(options, nullptr, bare, video(made_up_faces(2))); });
  const MotionTransfer transfer(options, nullptr, made_up_faces(2), video(made_up_faces(2)));
  test::error_of(ErrorKind::Internal, [&] { transfer.driving_keypoints(source); });
  const MotionTransfer streaming(options, nullptr, source, video(made_up_faces(1)));
  test::error_of(ErrorKind::Input, [&] { streaming.driving_keypoints(made_up_face(1, 68)); });
}

TEST_CASE("templates without canonical points drive") {
  auto driving = made_up_faces(3);
  const MotionTransfer with(TransferOptions(), nullptr, made_up_face(40), video(driving));
  for (FaceFrame& frame : driving) frame.motion.canonical.clear();
  const MotionTransfer without(TransferOptions(), nullptr, made_up_face(40), video(driving));
  CHECK(with.driving_keypoints(2) == without.driving_keypoints(2));
}

TEST_CASE("smoothing a still source's driver is smoothing the driver first") {
  const FaceFrame source = made_up_face(1);
  const auto driving = made_up_faces(12, 5);
  TransferOptions options;
  const MotionTransfer first(options, nullptr, source, video(smooth_frames(driving, 1e-4)));
  const MotionTransfer raw(options, nullptr, source, video(driving));
  options.smooth_variance = 1e-4;
  const MotionTransfer then(options, nullptr, source, video(driving));
  CHECK(then.driving_keypoints(6) == first.driving_keypoints(6));
  CHECK(then.driving_keypoints(6) != raw.driving_keypoints(6));
}

TEST_CASE("smoothed rotations of a source video can be made rotations") {
  const auto source = made_up_faces(8, 70);
  TransferOptions options;
  options.region = AnimationRegion::Pose;
  options.driving_smooth_observation_variance = 1e-3;
  const MotionTransfer bent(options, nullptr, source, video(made_up_faces(8)));
  options.orthonormal_rotations = true;
  const MotionTransfer straight(options, nullptr, source, video(made_up_faces(8)));
  // Turning keeps distances between the points of region pose: those of kp * R are those of kp.
  const auto stretch = [&](const MotionTransfer& transfer, size_t i) {
    FaceMotion plain = source[i].motion;
    for (Point3& point : plain.expression) point = {};
    const Points3 moved = transfer.driving_keypoints(i);
    double sum = 0, expected = 0;
    for (size_t axis = 0; axis < 3; ++axis) {
      const double a = moved[1][axis] - moved[2][axis] -
                       plain.scale * (source[i].motion.expression[1][axis] - source[i].motion.expression[2][axis]);
      const double b = plain.scale * (plain.canonical[1][axis] - plain.canonical[2][axis]);
      sum += a * a;
      expected += b * b;
    }
    return sum / expected;
  };
  CHECK(stretch(straight, 4) == Approx(1).epsilon(1e-5));
  CHECK(std::abs(stretch(bent, 4) - 1) > 1e-3);
}

TEST_CASE("animals start from where the source is, and refuse other drivers") {
  const FaceMotion source = made_up_face(1).motion;
  std::vector<FaceMotion> driving;
  for (const FaceFrame& frame : made_up_faces(3, 10)) driving.push_back(frame.motion);
  const AnimalTransfer transfer(source, driving, driving[0], nullptr);
  CHECK(transfer.source_keypoints(2) == source.keypoints());
  CHECK(largest_difference(transfer.driving_keypoints(0), source.keypoints()) < 1e-6);
  CHECK(largest_difference(transfer.driving_keypoints(1), source.keypoints()) > 1e-3);
  test::error_of(ErrorKind::Internal, [&] { transfer.driving_keypoints(3); });
  // Another reference frame: that is where nothing moves.
  const AnimalTransfer later(source, driving, driving[2], nullptr);
  CHECK(largest_difference(later.driving_keypoints(2), source.keypoints()) < 1e-6);
  // A still driver gives its one frame to every frame.
  const AnimalTransfer still(source, {driving[1]}, driving[0], nullptr);
  CHECK(still.driving_keypoints(7) == transfer.driving_keypoints(1));
  const FaceMotion other = made_up_face(1, 9).motion;
  CHECK(test::error_of(ErrorKind::Input, [&] { AnimalTransfer(source, {other}, other, nullptr); }) ==
        "driver: its motion has 9 points and the source's 21; use a driver made for this model");
  CHECK(test::error_of(ErrorKind::Input, [&] { AnimalTransfer(source, {other}, driving[0], nullptr); }) ==
        "driver: its motion has 9 points and the source's 21; use a driver made for this model");
}

TEST_CASE("edits on top of a driver: neutral ones change no bit, others add before stitching") {
  const FaceFrame source = made_up_face(100);
  const auto driver = made_up_faces(4);
  for (const bool retargeting : {false, true}) {
    TransferOptions options;
    options.lip_retargeting = retargeting;
    const Counter counter;
    const MotionTransfer plain(options, &counter, source, video(driver));
    MotionTransfer edited = plain;
    edited.edit({FaceEdit{}});
    for (size_t i = 0; i < 4; ++i) CHECK(edited.driving_keypoints(i) == plain.driving_keypoints(i));

    std::vector<FaceEdit> edits(2);
    edits[1].sliders[Slider::MovY] = 0.1;
    edited.edit(edits);
    CHECK(edited.driving_keypoints(0) == plain.driving_keypoints(0));
    // The last edit goes on. The scale is the moved face's; nothing else fits it to the source.
    for (const size_t i : {1, 3}) {
      const Points3 before = plain.driving_keypoints(i);
      const Points3 after = edited.driving_keypoints(i);
      const float scale = source.motion.scale * (driver[i].motion.scale / driver[0].motion.scale);
      CHECK(after[5][1] - before[5][1] == Approx(0.1 * scale).margin(1e-6));
      CHECK(after[6] == before[6]);
    }
  }
}
