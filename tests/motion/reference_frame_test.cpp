#include "motion/reference_frame.h"

#include <array>
#include <limits>

#include "motion/rotation.h"
#include "support/catch.h"
#include "support/expect_error.h"
#include "support/faces.h"

using namespace animate::motion;
using namespace animate;

namespace {

// A clip that nods and talks, at rest in frame `rest` only; that is its median when `rest` is even.
std::vector<FaceFrame> clip(size_t rest) {
  auto frames = test::made_up_faces(15);
  for (size_t i = 0; i < frames.size(); ++i) {
    const float sign = i % 2 == 0 ? 1 : -1;
    const float amount = i == rest ? 0 : sign * (1 + static_cast<float>(i % 5));
    frames[i].motion.rotation = rotation_matrix({3 * amount, 0, 0});
    for (Point3& point : frames[i].motion.expression) point = {0.1F, 0.2F + 0.01F * amount, 0.3F};
  }
  return frames;
}

}  // namespace

TEST_CASE("the neutral frame is frontal and near the clip's median") {
  for (const size_t rest : {0, 6, 14}) CHECK(neutral_frame(clip(rest)) == rest);
}

TEST_CASE("pose decides between equal expressions, expression between equal poses") {
  auto frames = clip(4);
  for (FaceFrame& frame : frames) frame.motion.expression = frames[0].motion.expression;
  CHECK(neutral_frame(frames) == 4);
  frames = clip(8);
  for (FaceFrame& frame : frames) frame.motion.rotation = rotation_matrix({0, 25, 0});
  CHECK(neutral_frame(frames) == 8);
}

TEST_CASE("the nearest frame has the source's pose and expression") {
  const auto frames = test::made_up_faces(20);
  for (const size_t i : {0, 7, 19}) CHECK(nearest_frame(frames[i], frames) == i);
  FaceFrame almost = frames[11];
  almost.motion.expression[3][1] += 0.01F;
  almost.motion.rotation = multiply(almost.motion.rotation, rotation_matrix({1, 1, 0}));
  CHECK(nearest_frame(almost, frames) == 11);
}

TEST_CASE("turn and expression weigh the same whatever their units") {
  const std::array<std::array<float, 2>, 4> numbers{{{2, 0.01F}, {5, 0}, {20, 0.004F}, {13, 0.006F}}};
  for (const float unit : {1.0F, 1000.0F, 0.001F}) {
    FaceFrame source = test::made_up_face(1);
    source.motion.rotation = rotation_matrix({0, 0, 0});
    for (Point3& point : source.motion.expression) point = {};
    std::vector<FaceFrame> frames(numbers.size(), source);
    for (size_t i = 0; i < frames.size(); ++i) {
      const float change = numbers[i][1] * unit;
      frames[i].motion.rotation = rotation_matrix({0, numbers[i][0], 0});
      for (Point3& point : frames[i].motion.expression) point = {change, change, change};
    }
    CHECK(nearest_frame(source, frames) == 1);
  }
}

TEST_CASE("still clips, empty ones and broken numbers") {
  CHECK(neutral_frame({}) == 0);
  CHECK(nearest_frame(test::made_up_face(1), {}) == 0);
  const std::vector<FaceFrame> still(5, test::made_up_face(3));
  CHECK(neutral_frame(still) == 0);
  auto frames = clip(6);
  frames[0].motion.expression[2][0] = std::numeric_limits<float>::quiet_NaN();
  frames[1].motion.rotation[0][0] = std::numeric_limits<float>::infinity();
  CHECK(neutral_frame(frames) == 6);
  frames[3].motion.expression.pop_back();
  test::error_of(ErrorKind::Internal, [&] { neutral_frame(frames); });
}
