#include "core/convex_hull.h"

#include <vector>

#include "support/catch.h"

using namespace animate::core;
using namespace animate;

TEST_CASE("the hull's area ignores what lies inside and the order of the points") {
  const std::vector<Point> square{{0, 0}, {2, 2}, {1, 1}, {2, 0}, {0.5, 1.5}, {0, 2}};
  CHECK(convex_hull_area(square) == Approx(4));
  const std::vector<Point> triangle{{-1, -1}, {3, -1}, {-1, 2}};
  CHECK(convex_hull_area(triangle) == Approx(6));
}

TEST_CASE("points without an area have none") {
  CHECK(convex_hull_area({}) == 0);
  CHECK(convex_hull_area(std::vector<Point>{{1, 1}, {2, 2}}) == 0);
  CHECK(convex_hull_area(std::vector<Point>{{0, 0}, {1, 1}, {2, 2}, {3, 3}}) == 0);
  CHECK(convex_hull_area(std::vector<Point>{{1, 1}, {1, 1}, {1, 1}}) == 0);
}
