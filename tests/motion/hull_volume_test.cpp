#include "motion/hull_volume.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "motion/rotation.h"
#include "support/catch.h"

using namespace animate::motion;
using namespace animate;

namespace {

Points3 random_points(std::minstd_rand& random, size_t count) {
  Points3 points(count);
  for (Point3& point : points) {
    for (float& value : point) value = static_cast<float>(random() % 20001) / 10000 - 1;
  }
  return points;
}

// Every triangle with all other points on one side is a face, and makes a pyramid with a point inside. Right for
// points of which no four lie in a plane.
double volume_by_brute_force(const Points3& points) {
  const auto at = [&points](size_t i, size_t axis) { return static_cast<double>(points[i][axis]); };
  const auto six_times = [&](size_t a, size_t b, size_t c, const std::array<double, 3>& d) {
    double u[3], v[3], w[3];
    for (size_t axis = 0; axis < 3; ++axis) {
      u[axis] = at(a, axis) - d[axis];
      v[axis] = at(b, axis) - d[axis];
      w[axis] = at(c, axis) - d[axis];
    }
    return u[0] * (v[1] * w[2] - v[2] * w[1]) - u[1] * (v[0] * w[2] - v[2] * w[0]) + u[2] * (v[0] * w[1] - v[1] * w[0]);
  };
  std::array<double, 3> inside{};
  for (size_t i = 0; i < points.size(); ++i) {
    for (size_t axis = 0; axis < 3; ++axis) inside[axis] += at(i, axis) / static_cast<double>(points.size());
  }
  double volume = 0;
  for (size_t a = 0; a < points.size(); ++a) {
    for (size_t b = a + 1; b < points.size(); ++b) {
      for (size_t c = b + 1; c < points.size(); ++c) {
        size_t above = 0, below = 0;
        for (size_t d = 0; d < points.size(); ++d) {
          if (d == a || d == b || d == c) continue;
          ++(six_times(a, b, c, {at(d, 0), at(d, 1), at(d, 2)}) > 0 ? above : below);
        }
        if (above == 0 || below == 0) volume += std::abs(six_times(a, b, c, inside)) / 6;
      }
    }
  }
  return volume;
}

Points3 lattice(size_t side) {
  Points3 points;
  for (size_t i = 0; i < side * side * side; ++i) {
    const auto value = [side](size_t n) { return static_cast<float>(n) / static_cast<float>(side - 1); };
    points.push_back({value(i % side), value(i / side % side), value(i / side / side)});
  }
  return points;
}

}  // namespace

TEST_CASE("volumes of known solids, with points inside, on faces and twice") {
  Points3 tetrahedron{{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
  CHECK(hull_volume(tetrahedron) == Approx(1.0 / 6));
  tetrahedron.push_back({0.1F, 0.1F, 0.1F});
  tetrahedron.push_back({0, 0, 1});
  tetrahedron.push_back({0.5F, 0.5F, 0});
  CHECK(hull_volume(tetrahedron) == Approx(1.0 / 6));
  CHECK(hull_volume({{1, 0, 0}, {-1, 0, 0}, {0, 1, 0}, {0, -1, 0}, {0, 0, 1}, {0, 0, -1}}) == Approx(4.0 / 3));
  for (const size_t side : {2, 3, 4}) CHECK(hull_volume(lattice(side)) == Approx(1));
}

TEST_CASE("random hulls agree with brute force in any order, turned and shrunk") {
  std::minstd_rand random(7);
  for (int round = 0; round < 60; ++round) {
    Points3 points = random_points(random, 4 + static_cast<size_t>(round) % 18);
    const double volume = hull_volume(points);
    REQUIRE(volume == Approx(volume_by_brute_force(points)).epsilon(1e-9));
    std::shuffle(points.begin(), points.end(), random);
    REQUIRE(hull_volume(points) == Approx(volume).epsilon(1e-9));
    const Matrix3 turn = rotation_matrix({20, 50, -70});
    Points3 turned(points.size(), Point3{});
    for (size_t k = 0; k < points.size(); ++k) {
      for (size_t i = 0; i < 9; ++i) turned[k][i % 3] += 0.01F * points[k][i / 3] * turn[i / 3][i % 3];
    }
    REQUIRE(hull_volume(turned) == Approx(1e-6 * volume).epsilon(1e-4));
  }
}

TEST_CASE("turned lattices keep their volume although every face is nearly flat") {
  for (const float yaw : {1.0F, 33.0F, 57.0F}) {
    const Matrix3 turn = rotation_matrix({yaw / 2, yaw, -yaw});
    Points3 points = lattice(4);
    for (Point3& point : points) {
      const Point3 p = point;
      for (size_t j = 0; j < 3; ++j) point[j] = p[0] * turn[0][j] + p[1] * turn[1][j] + p[2] * turn[2][j];
    }
    CHECK(hull_volume(points) == Approx(1).epsilon(1e-5));
  }
}

TEST_CASE("what has no volume has none") {
  CHECK(hull_volume({}) == 0);
  CHECK(hull_volume({{0, 0, 0}, {1, 0, 0}, {0, 1, 0}}) == 0);
  CHECK(hull_volume(Points3(21, Point3{0.3F, 0.2F, 0.1F})) == 0);
  Points3 line, plane;
  std::minstd_rand random(3);
  for (const Point3& p : random_points(random, 21)) {
    line.push_back({p[0], 2 * p[0], -p[0]});
    plane.push_back({p[0], p[1], 0.3F * p[0] - 0.7F * p[1]});  // in a plane as well as float can tell
  }
  CHECK(hull_volume(line) == 0);
  CHECK(hull_volume(plane) == 0);
  plane[5][2] += 0.01F;
  CHECK(hull_volume(plane) > 0);
  plane[7][1] = std::numeric_limits<float>::quiet_NaN();
  CHECK(hull_volume(plane) == 0);
}

TEST_CASE("the multiplier is the root of the volumes' quotient, none for a flat face") {
  const Points3 small{{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
  Points3 large = small;
  for (Point3& point : large) {
    for (float& value : point) value *= 2;
  }
  CHECK(*motion_multiplier(large, small) == Approx(std::sqrt(8)));
  CHECK(*motion_multiplier(small, large) == Approx(1 / std::sqrt(8)));
  const Points3 flat(4, Point3{});
  CHECK_FALSE(motion_multiplier(small, flat).has_value());
  CHECK_FALSE(motion_multiplier(flat, small).has_value());
}
