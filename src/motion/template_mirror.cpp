#include "motion/template_mirror.h"

#include <array>
#include <limits>
#include <numeric>
#include <utility>

#include "base/error.h"

namespace animate::motion {
namespace {

// What LivePortrait's sliders move alike on both sides (models/liveportrait/README.md#sliders): 11 and 15 turn with the
// eyeballs, with factors that change places when the direction does; 13 and 16 sink with them and in a smile; 3 and 7
// rise in a smile; 1 and 2 are driven apart and together by the brows. The original's templates agree for 11/15 and
// 13/16 (their y tracks correlate by 0.7) and say too little about the other points, which stay in their places.
constexpr std::array<std::pair<size_t, size_t>, 4> kPairs = {{{1, 2}, {3, 7}, {11, 15}, {13, 16}}};
constexpr size_t kTablePoints = 21;

using Sum = std::array<double, 3>;

// The canonical points' mean over all frames.
std::vector<Sum> mean_points(const FaceTemplate& face) {
  std::vector<Sum> mean(face.frames.front().motion.canonical.size(), Sum{});
  for (const FaceFrame& frame : face.frames) {
    for (size_t k = 0; k < mean.size(); ++k) {
      for (size_t axis = 0; axis < 3; ++axis) mean[k][axis] += frame.motion.canonical[k][axis];
    }
  }
  return mean;
}

std::vector<size_t> partners_by_place(const FaceTemplate& face) {
  const std::vector<Sum> points = mean_points(face);
  std::vector<size_t> partners(points.size());
  for (size_t i = 0; i < points.size(); ++i) {
    double nearest = std::numeric_limits<double>::infinity();
    for (size_t j = 0; j < points.size(); ++j) {
      const double x = points[i][0] + points[j][0];
      const double y = points[i][1] - points[j][1];
      const double z = points[i][2] - points[j][2];
      const double distance = x * x + y * y + z * z;
      if (distance < nearest) {
        nearest = distance;
        partners[i] = j;
      }
    }
  }
  for (size_t i = 0; i < partners.size(); ++i) {
    if (partners[partners[i]] != i) return {};
  }
  return partners;
}

Points3 mirrored(const Points3& points, const std::vector<size_t>& partners) {
  Points3 result(points.size());
  for (size_t k = 0; k < points.size(); ++k) {
    result[k] = points[partners[k]];
    result[k][0] = -result[k][0];
  }
  return result;
}

}  // namespace

std::vector<size_t> mirror_partners(const FaceTemplate& face) {
  if (face.has_canonical()) {
    if (auto partners = partners_by_place(face); !partners.empty()) return partners;
  }
  if (face.frames.empty() || face.frames.front().motion.expression.size() != kTablePoints) return {};
  std::vector<size_t> partners(kTablePoints);
  std::iota(partners.begin(), partners.end(), 0);
  for (const auto& [left, right] : kPairs) std::swap(partners[left], partners[right]);
  return partners;
}

FaceTemplate mirror(const FaceTemplate& face, const std::string& shown) {
  const std::vector<size_t> partners = mirror_partners(face);
  check(!partners.empty(), ErrorKind::Input,
        "{}: which of its points are left and which are right is not known; mirror the clip before making a template "
        "of it",
        shown);
  FaceTemplate result = face;
  for (FaceFrame& frame : result.frames) {
    FaceMotion& motion = frame.motion;
    check(motion.expression.size() == partners.size(), ErrorKind::Input,
          "{}: its frames differ in their number of points; make it again", shown);
    for (size_t axis = 1; axis < 3; ++axis) {
      motion.rotation[0][axis] = -motion.rotation[0][axis];
      motion.rotation[axis][0] = -motion.rotation[axis][0];
    }
    motion.translation[0] = -motion.translation[0];
    motion.expression = mirrored(motion.expression, partners);
    if (!motion.canonical.empty()) motion.canonical = mirrored(motion.canonical, partners);
    if (frame.ratios) std::swap(frame.ratios->eyes[0], frame.ratios->eyes[1]);
  }
  return result;
}

}  // namespace animate::motion
