#include "motion/motion_step.h"

#include <algorithm>
#include <cmath>

#include "motion/rotation.h"

namespace animate::motion {

MotionStep step_between(const FaceMotion& before, const FaceMotion& after) {
  MotionStep step;
  step.turn = angle_between(before.rotation, after.rotation);
  for (size_t k = 0; k < std::min(before.expression.size(), after.expression.size()); ++k) {
    const Point3& a = before.expression[k];
    const Point3& b = after.expression[k];
    step.expression = std::max<double>(step.expression, std::hypot(b[0] - a[0], b[1] - a[1], b[2] - a[2]));
  }
  step.shift = std::hypot(after.translation[0] - before.translation[0], after.translation[1] - before.translation[1]);
  step.scale = std::abs(std::log(static_cast<double>(after.scale) / before.scale));
  return step;
}

}  // namespace animate::motion
