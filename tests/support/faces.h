#pragma once

#include <random>
#include <vector>

#include "motion/face_motion.h"
#include "motion/rotation.h"

namespace animate::test {

// A face with made-up but plausible numbers, the same for the same seed on every machine.
inline motion::FaceFrame made_up_face(unsigned seed, size_t points = 21) {
  std::minstd_rand random(seed * 7919 + 17);
  // The standard's distributions differ between libraries.
  const auto between = [&random](float low, float high) {
    return low + (high - low) * static_cast<float>(random() % 10000) / 10000;
  };
  motion::FaceFrame face;
  motion::FaceMotion& motion = face.motion;
  // One face, many expressions: the canonical points do not depend on the seed.
  std::minstd_rand same(1);
  for (size_t k = 0; k < points; ++k) {
    motion.canonical.push_back({});
    motion.expression.push_back({});
    for (float& value : motion.canonical.back()) value = static_cast<float>(same() % 2000) / 1000 - 1;
    for (float& value : motion.expression.back()) value = between(-0.05F, 0.05F);
  }
  motion.rotation = motion::rotation_matrix({between(-20, 20), between(-30, 30), between(-10, 10)});
  motion.translation = {between(-0.1F, 0.1F), between(-0.1F, 0.1F), between(-0.1F, 0.1F)};
  motion.scale = between(1.2F, 1.6F);
  face.ratios = motion::OpenRatios{{between(0.2F, 0.5F), between(0.2F, 0.5F)}, between(0.1F, 0.4F)};
  return face;
}

inline std::vector<motion::FaceFrame> made_up_faces(size_t count, unsigned first_seed = 1, size_t points = 21) {
  std::vector<motion::FaceFrame> faces;
  for (unsigned i = 0; i < count; ++i) faces.push_back(made_up_face(first_seed + i, points));
  return faces;
}

}  // namespace animate::test
