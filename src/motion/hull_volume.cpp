#include "motion/hull_volume.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

namespace animate::motion {
namespace {

using Vector = std::array<double, 3>;
using Face = std::array<size_t, 3>;  // counter-clockwise seen from outside

Vector operator-(const Vector& a, const Vector& b) { return {a[0] - b[0], a[1] - b[1], a[2] - b[2]}; }
double dot(const Vector& a, const Vector& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }
double length(const Vector& a) { return std::sqrt(dot(a, a)); }
Vector cross(const Vector& a, const Vector& b) {
  return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}

constexpr double kFlat = 1e-6;  // of the extent: below it points count as coplanar, float coordinates being no better
constexpr double kInside = 1e-12;  // of the extent: what does not stick out farther changes nothing

// A hull that grows point by point. It is a closed surface at any time, so its volume is a sum over its faces.
class Hull {
 public:
  explicit Hull(const Points3& points) {
    points_.reserve(points.size());
    for (const Point3& point : points) points_.push_back({point[0], point[1], point[2]});
  }

  double volume() {
    if (!start()) return 0;
    for (size_t i = 0; i < points_.size(); ++i) add(i);
    double six_times = 0;
    for (const Face& face : faces_) {
      const Vector a = points_[face[0]] - centre_, b = points_[face[1]] - centre_, c = points_[face[2]] - centre_;
      six_times += dot(a, cross(b, c));
    }
    return std::max(0.0, six_times / 6);
  }

 private:
  // The point for which `measure` is largest.
  template <typename Measure>
  size_t farthest(const Measure& measure) const {
    size_t best = 0;
    for (size_t i = 1; i < points_.size(); ++i) {
      if (measure(points_[i]) > measure(points_[best])) best = i;
    }
    return best;
  }

  // The first tetrahedron, as large as a greedy choice makes it; false where the points have no volume.
  bool start() {
    if (points_.size() < 4) return false;
    for (const Vector& point : points_) {
      if (!std::isfinite(point[0]) || !std::isfinite(point[1]) || !std::isfinite(point[2])) return false;
    }
    const size_t a = farthest([&](const Vector& p) { return length(p - points_[0]); });
    const size_t b = farthest([&](const Vector& p) { return length(p - points_[a]); });
    const Vector line = points_[b] - points_[a];
    extent_ = length(line);
    if (!(extent_ > 0)) return false;
    const size_t c = farthest([&](const Vector& p) { return length(cross(line, p - points_[a])); });
    Vector normal = cross(line, points_[c] - points_[a]);
    const double area = length(normal);
    if (!(area > kFlat * extent_ * extent_)) return false;
    for (double& part : normal) part /= area;
    const auto height = [&](const Vector& p) { return dot(normal, p - points_[a]); };
    const size_t d = farthest([&](const Vector& p) { return std::abs(height(p)); });
    if (!(std::abs(height(points_[d])) > kFlat * extent_)) return false;
    for (size_t axis = 0; axis < 3; ++axis) {
      centre_[axis] = (points_[a][axis] + points_[b][axis] + points_[c][axis] + points_[d][axis]) / 4;
    }
    if (height(points_[d]) > 0) {
      faces_ = {{a, c, b}, {a, b, d}, {b, c, d}, {c, a, d}};
    } else {
      faces_ = {{a, b, c}, {a, d, b}, {b, d, c}, {c, d, a}};
    }
    return true;
  }

  bool sees(const Vector& point, const Face& face) const {
    const Vector normal = cross(points_[face[1]] - points_[face[0]], points_[face[2]] - points_[face[0]]);
    return dot(normal, point - points_[face[0]]) > kInside * extent_ * length(normal);
  }

  // Replaces the faces that point `index` sees by a cone from it to their border.
  void add(size_t index) {
    const auto hidden_end = std::stable_partition(faces_.begin(), faces_.end(),
                                                  [&](const Face& face) { return !sees(points_[index], face); });
    const std::vector<Face> seen(hidden_end, faces_.end());
    faces_.erase(hidden_end, faces_.end());
    const auto is_edge = [&seen](size_t from, size_t to) {
      return std::any_of(seen.begin(), seen.end(), [&](const Face& face) {
        return (face[0] == from && face[1] == to) || (face[1] == from && face[2] == to) ||
               (face[2] == from && face[0] == to);
      });
    };
    for (const Face& face : seen) {
      for (size_t i = 0; i < 3; ++i) {
        const size_t from = face[i], to = face[(i + 1) % 3];
        if (!is_edge(to, from)) faces_.push_back({from, to, index});
      }
    }
  }

  std::vector<Vector> points_;
  std::vector<Face> faces_;
  Vector centre_{};
  double extent_ = 0;
};

}  // namespace

double hull_volume(const Points3& points) { return Hull(points).volume(); }

std::optional<double> motion_multiplier(const Points3& source, const Points3& driving) {
  const double of_source = hull_volume(source);
  const double of_driving = hull_volume(driving);
  if (of_source <= 0 || of_driving <= 0) return std::nullopt;
  return std::sqrt(of_source) / std::sqrt(of_driving);
}

}  // namespace animate::motion
