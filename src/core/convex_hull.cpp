#include "core/convex_hull.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace animate::core {
namespace {

double cross(const Point& origin, const Point& a, const Point& b) {
  return (a.x - origin.x) * (b.y - origin.y) - (a.y - origin.y) * (b.x - origin.x);
}

}  // namespace

double convex_hull_area(std::span<const Point> points) {
  if (points.size() < 3) return 0;
  std::vector<Point> sorted(points.begin(), points.end());
  std::sort(sorted.begin(), sorted.end(),
            [](const Point& a, const Point& b) { return a.x < b.x || (a.x == b.x && a.y < b.y); });

  std::vector<Point> hull;
  const auto extend = [&hull](const Point& point, size_t keep) {
    while (hull.size() >= keep + 2 && cross(hull[hull.size() - 2], hull.back(), point) <= 0) hull.pop_back();
    hull.push_back(point);
  };
  for (const Point& point : sorted) extend(point, 0);
  const size_t lower = hull.size() - 1;
  for (auto point = sorted.rbegin() + 1; point != sorted.rend(); ++point) extend(*point, lower);

  double twice_area = 0;
  for (size_t i = 0; i < hull.size(); ++i) {
    const Point& a = hull[i];
    const Point& b = hull[(i + 1) % hull.size()];
    twice_area += a.x * b.y - b.x * a.y;
  }
  return std::abs(twice_area) / 2;
}

}  // namespace animate::core
