#include "motion/animation_region.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace animate::motion {
namespace {

// Which axes of a point are taken, one bit each.
constexpr uint8_t kMoveNone = 0, kMoveX = 1, kMoveY = 2, kMoveZ = 4, kMoveAll = kMoveX | kMoveY | kMoveZ;
constexpr size_t kPoints = 21;
using Selection = std::array<uint8_t, kPoints>;

constexpr Selection kExpression = {
    kMoveNone,       kMoveAll,  kMoveAll, kMoveY,   kMoveY,   kMoveZ,  // 0 ... 5
    kMoveAll,        kMoveNone, kMoveZ,                                // 6, 7, 8
    kMoveY | kMoveZ, kMoveNone,                                        // 9, 10
    kMoveAll,        kMoveAll,  kMoveAll, kMoveAll, kMoveAll, kMoveAll, kMoveAll, kMoveAll, kMoveAll, kMoveAll,
};
constexpr std::array<size_t, 6> kLip = {6, 12, 14, 17, 19, 20};
constexpr std::array<size_t, 5> kEyes = {11, 13, 15, 16, 18};

void copy_axes(const Selection& selection, const Points3& from, Points3& to) {
  for (size_t k = 0; k < kPoints && k < from.size() && k < to.size(); ++k) {
    for (size_t axis = 0; axis < 3; ++axis) {
      if ((selection[k] >> axis & 1) != 0) to[k][axis] = from[k][axis];
    }
  }
}

void copy_points(std::span<const size_t> points, const Points3& from, Points3& to) {
  for (const size_t k : points) {
    if (k < from.size() && k < to.size()) to[k] = from[k];
  }
}

}  // namespace

bool moves_pose(AnimationRegion region) { return region == AnimationRegion::All || region == AnimationRegion::Pose; }

void copy_region(AnimationRegion region, const Points3& from, Points3& to) {
  switch (region) {
    case AnimationRegion::All:
    case AnimationRegion::Expression: return copy_axes(kExpression, from, to);
    case AnimationRegion::Lip: return copy_points(kLip, from, to);
    case AnimationRegion::Eyes: return copy_points(kEyes, from, to);
    case AnimationRegion::Pose: return;
  }
}

void copy_eyes(const Points3& from, Points3& to) { copy_points(kEyes, from, to); }

}  // namespace animate::motion
