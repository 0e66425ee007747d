#include "motion/motion_step.h"

#include <algorithm>
#include <cmath>

#include "motion/face_template.h"
#include "motion/rotation.h"
#include "motion/template_file.h"
#include "support/catch.h"
#include "support/faces.h"
#include "support/fixtures.h"
#include "support/skip.h"

using namespace animate::motion;
using namespace animate;

TEST_CASE("a step by hand") {
  FaceMotion before = test::made_up_face(1).motion;
  before.rotation = rotation_matrix({0, 0, 0});
  before.scale = 1;
  FaceMotion after = before;
  CHECK(step_between(before, after).turn == Approx(0).margin(1e-9));
  after.rotation = rotation_matrix({0, 3, 0});
  after.expression[7][1] += 0.03F;
  after.expression[7][0] += 0.04F;
  after.expression[2][2] += 0.01F;
  after.translation[0] += 0.3F;
  after.translation[1] += 0.4F;
  after.translation[2] += 9;  // is never seen
  after.scale = 2;
  const MotionStep step = step_between(before, after);
  CHECK(step.turn == Approx(3).epsilon(1e-4));
  CHECK(step.expression == Approx(0.05).epsilon(1e-4));
  CHECK(step.shift == Approx(0.5).epsilon(1e-4));
  CHECK(step.scale == Approx(std::log(2.0)));
}

TEST_CASE("the fastest steps are those of the published templates", "[optional]") {
  const auto folder = test::material("media/templates");
  if (folder.empty()) return test::skip("media/templates is not in $ANIMATE_MATERIAL");
  std::vector<double> turns, expressions, shifts, scales;
  for (const char* name : {"d1.pkl", "d5.pkl", "laugh.pkl", "wink.pkl"}) {
    const FaceTemplate face = to_face_template(load_motion_template(folder / name), name);
    for (size_t i = 1; i < face.frames.size(); ++i) {
      const MotionStep step = step_between(face.frames[i - 1].motion, face.frames[i].motion);
      turns.push_back(step.turn);
      expressions.push_back(step.expression);
      shifts.push_back(step.shift);
      scales.push_back(step.scale);
    }
  }
  CHECK(turns.size() == 271);
  // The 99th percentile, linear between the two nearest.
  const auto percentile = [](std::vector<double> steps) {
    std::sort(steps.begin(), steps.end());
    const double place = 0.99 * static_cast<double>(steps.size() - 1);
    const auto below = static_cast<size_t>(place);
    return steps[below] + (steps[below + 1] - steps[below]) * (place - static_cast<double>(below));
  };
  CHECK(percentile(turns) == Approx(kFastestStep.turn).epsilon(0.005));
  CHECK(percentile(expressions) == Approx(kFastestStep.expression).epsilon(0.005));
  CHECK(percentile(shifts) == Approx(kFastestStep.shift).epsilon(0.005));
  CHECK(percentile(scales) == Approx(kFastestStep.scale).epsilon(0.005));
}
