#include "motion/animation_region.h"

#include <string>

#include "support/catch.h"

using namespace animate::motion;
using namespace animate;

namespace {

// One letter a point: which axes were copied, '.' none, '*' all.
std::string copied(AnimationRegion region, size_t points = 21) {
  const Points3 from(points, Point3{1, 1, 1});
  Points3 to(points, Point3{});
  copy_region(region, from, to);
  std::string text;
  for (const Point3& p : to) {
    const int axes = static_cast<int>(p[0] + 2 * p[1] + 4 * p[2]);
    text += ".xy?z?w*"[axes];  // w: y and z
  }
  return text;
}

}  // namespace

TEST_CASE("every region copies its points and axes") {
  CHECK(copied(AnimationRegion::All) == ".**yyz*.zw.**********");
  CHECK(copied(AnimationRegion::Expression) == copied(AnimationRegion::All));
  CHECK(copied(AnimationRegion::Lip) == "......*.....*.*..*.**");
  CHECK(copied(AnimationRegion::Eyes) == "...........*.*.**.*..");
  CHECK(copied(AnimationRegion::Pose) == std::string(21, '.'));
}

TEST_CASE("models with other numbers of points take what exists") {
  CHECK(copied(AnimationRegion::All, 7) == ".**yyz*");
  CHECK(copied(AnimationRegion::Lip, 13) == "......*.....*");
  CHECK(copied(AnimationRegion::Eyes, 24) == "...........*.*.**.*.....");
}

TEST_CASE("only all and pose move the head") {
  CHECK(moves_pose(AnimationRegion::All));
  CHECK(moves_pose(AnimationRegion::Pose));
  CHECK_FALSE(moves_pose(AnimationRegion::Expression));
  CHECK_FALSE(moves_pose(AnimationRegion::Lip));
  CHECK_FALSE(moves_pose(AnimationRegion::Eyes));
}
