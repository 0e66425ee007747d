#include "motion/face_motion.h"

#include "base/error.h"

namespace animate::motion {

Points3 FaceMotion::keypoints() const {
  check(canonical.size() == expression.size() && !canonical.empty(), ErrorKind::Internal,
        "keypoints of a motion without canonical points");
  Points3 result(canonical.size());
  for (size_t k = 0; k < result.size(); ++k) {
    for (size_t axis = 0; axis < 3; ++axis) {
      float turned = 0;
      for (size_t i = 0; i < 3; ++i) turned += canonical[k][i] * rotation[i][axis];
      result[k][axis] = scale * (turned + expression[k][axis]) + (axis < 2 ? translation[axis] : 0);
    }
  }
  return result;
}

}  // namespace animate::motion
