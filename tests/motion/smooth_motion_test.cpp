#include "motion/smooth_motion.h"

#include <cmath>

#include "motion/kalman_smoother.h"
#include "motion/rotation.h"
#include "support/catch.h"
#include "support/expect_error.h"
#include "support/faces.h"
#include "support/motion_fixtures.h"

using namespace animate::motion;
using namespace animate;
using test::largest_difference;

namespace {

// How much a sequence moves from frame to frame.
double restlessness(const std::vector<FaceFrame>& frames) {
  double sum = 0;
  for (size_t i = 1; i < frames.size(); ++i) {
    sum += largest_difference(frames[i].motion.expression, frames[i - 1].motion.expression) +
           largest_difference(frames[i].motion.rotation, frames[i - 1].motion.rotation);
  }
  return sum;
}

}  // namespace

TEST_CASE("three values through the smoother, worked by hand") {
  // q = r = 1: P = 1, 1.5, 1.6; gains 1/2, 3/5, 8/13.
  std::vector<double> track{0, 2, 2};
  KalmanSmoother smoother(3, 1, 1);
  smoother.smooth(track);
  // Filtered: 0, 1.2, 1.2 + 8/13 * 0.8; backwards with 0.6 / 1.6 and 0.5 / 1.5.
  const double last = 1.2 + 8.0 / 13 * 0.8;
  const double middle = 1.2 + 0.6 / 1.6 * (last - 1.2);
  CHECK(track[2] == Approx(last).epsilon(1e-12));
  CHECK(track[1] == Approx(middle).epsilon(1e-12));
  CHECK(track[0] == Approx(middle / 3).epsilon(1e-12));
}

TEST_CASE("a constant stays, one value stays, no value is no fault") {
  std::vector<double> constant(50, 0.7);
  KalmanSmoother(50, 1e-2).smooth(constant);
  for (const double value : constant) CHECK(value == Approx(0.7).epsilon(1e-14));
  std::vector<double> single{0.3};
  KalmanSmoother(1, 1e-2).smooth(single);
  CHECK(single[0] == 0.3);
  std::vector<double> none;
  KalmanSmoother(0, 1e-2).smooth(none);
  CHECK(smooth_points({}, 1).empty());
  CHECK(smooth_frames({}, 1).empty());
}

TEST_CASE("variances without a meaning are refused") {
  CHECK(test::error_of(ErrorKind::Usage, [] { smooth_points({}, -1); }) ==
        "smoothing: a variance of -1 has no meaning; give 0 or more");
  test::error_of(ErrorKind::Usage, [] { smooth_frames({}, std::nan("")); });
  test::error_of(ErrorKind::Usage, [] { KalmanSmoother(3, 1, 0); });
  test::error_of(ErrorKind::Internal, [] {
    std::vector<double> track(4);
    KalmanSmoother(3, 1).smooth(track);
  });
  test::error_of(ErrorKind::Internal, [] { smooth_points({Points3(3), Points3(4)}, 1); });
}

TEST_CASE("variance 0 and single frames give the input back bit by bit") {
  const auto frames = test::made_up_faces(6);
  const auto off = smooth_frames(frames, 0);
  const auto single = smooth_frames({frames[0]}, 1);
  for (size_t i = 0; i < frames.size(); ++i) {
    CHECK(off[i].motion.expression == frames[i].motion.expression);
    CHECK(off[i].motion.rotation == frames[i].motion.rotation);
    CHECK(off[i].motion.translation == frames[i].motion.translation);
    CHECK(off[i].motion.scale == frames[i].motion.scale);
  }
  CHECK(single[0].motion.rotation == frames[0].motion.rotation);
  CHECK(smooth_rotations({frames[0].motion.rotation}, 1, true)[0] == frames[0].motion.rotation);
}

TEST_CASE("more smoothing moves less, and rotations stay rotations where asked for") {
  const auto frames = test::made_up_faces(40);
  double before = restlessness(frames);
  for (const double strength : {0.25, 0.5, 0.75, 1.0}) {
    const auto smooth = smooth_frames(frames, smooth_variance(strength));
    CHECK(restlessness(smooth) < before);
    before = restlessness(smooth);
    for (const FaceFrame& frame : smooth) {
      const Matrix3& r = frame.motion.rotation;
      REQUIRE(largest_difference(multiply(r, transpose(r)), Matrix3{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}}) < 1e-6);
    }
    CHECK(smooth[7].motion.canonical == frames[7].motion.canonical);
    CHECK(smooth[7].motion.translation != frames[7].motion.translation);
    CHECK(smooth[7].motion.scale != frames[7].motion.scale);
    CHECK(smooth[7].ratios->lip == frames[7].ratios->lip);
  }
  std::vector<Matrix3> rotations;
  rotations.reserve(frames.size());
  for (const FaceFrame& frame : frames) rotations.push_back(frame.motion.rotation);
  const auto bent = smooth_rotations(rotations, 1e-2)[20];
  CHECK(largest_difference(multiply(bent, transpose(bent)), Matrix3{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}}) > 1e-3);
  const auto straight = smooth_rotations(rotations, 1e-2, true)[20];
  CHECK(largest_difference(straight, nearest_rotation(bent)) == 0);
}

TEST_CASE("--smooth is off at 0, about the original's in the middle, strong at 1") {
  CHECK(smooth_variance(0) == 0);
  CHECK(smooth_variance(0.5) == Approx(1e-6));
  CHECK(smooth_variance(1) == Approx(1e-2));
  CHECK(test::error_of(ErrorKind::Usage, [] { smooth_variance(1.5); }) ==
        "--smooth 1.5: out of range; give a number from 0 to 1");
  test::error_of(ErrorKind::Usage, [] { smooth_variance(std::nan("")); });
}
