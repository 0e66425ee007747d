#include "models/fomm/keypoints.h"

#include <cmath>
#include <vector>

#include "base/error.h"
#include "core/convex_hull.h"
#include "core/device.h"
#include "core/float_array.h"
#include "core/matrix2.h"

namespace animate::models::fomm {
namespace {

std::vector<Point> points_of(const torch::Tensor& value) {
  const auto flat = value.detach().to(torch::kCPU, torch::kFloat64).contiguous();
  const auto* data = flat.data_ptr<double>();
  std::vector<Point> points;
  for (int64_t i = 0; i < flat.size(0); ++i) points.push_back({data[2 * i], data[2 * i + 1]});
  return points;
}

double hull_area(const torch::Tensor& value) {
  const double area = core::convex_hull_area(points_of(value));
  check(area > 0 && std::isfinite(area), ErrorKind::Input,
        "the keypoints of a frame lie on one line, so no movement scale can be derived; run without --adapt-scale");
  return area;
}

// Centred, and divided by the root of the hull area.
std::vector<Point> normalised(const torch::Tensor& value) {
  std::vector<Point> points = points_of(value);
  Point mean;
  for (const Point& p : points) {
    mean.x += p.x / static_cast<double>(points.size());
    mean.y += p.y / static_cast<double>(points.size());
  }
  const double area = core::convex_hull_area(points);
  const double size = area > 0 ? std::sqrt(area) : 1.0;
  for (Point& p : points) p = {(p.x - mean.x) / size, (p.y - mean.y) / size};
  return points;
}

// One motion as keypoints in the computer's memory; see from_motions().
Keypoints keypoints_of(const motion::Motion& motion, int64_t num_kp, bool needs_jacobian) {
  const auto fetch = [&](const char* name) {
    const auto found = motion.arrays.find(name);
    return found == motion.arrays.end() ? torch::Tensor() : core::to_tensor(found->second);
  };
  Keypoints keypoints{fetch("value"), fetch("jacobian")};
  check(keypoints.value.defined() && keypoints.value.dim() == 3 && keypoints.value.size(1) == num_kp &&
            keypoints.value.size(2) == 2,
        ErrorKind::Input, "the motion is not of {} keypoints as this model needs; make the template with this model",
        num_kp);
  if (!needs_jacobian) {
    keypoints.jacobian = torch::Tensor();
    return keypoints;
  }
  check(keypoints.jacobian.defined() && keypoints.jacobian.dim() == 4 && keypoints.jacobian.size(1) == num_kp &&
            keypoints.jacobian.size(2) == 2 && keypoints.jacobian.size(3) == 2,
        ErrorKind::Input, "the motion has no Jacobians, which this model needs; make the template with this model");
  return keypoints;
}

}  // namespace

std::vector<motion::Motion> Keypoints::to_motions() const {
  // The whole batch crosses the bus at once.
  const auto values = value.to(torch::kCPU);
  const auto jacobians = jacobian.defined() ? jacobian.to(torch::kCPU) : jacobian;
  std::vector<motion::Motion> motions(static_cast<size_t>(value.size(0)));
  for (size_t i = 0; i < motions.size(); ++i) {
    const auto item = static_cast<int64_t>(i);
    motions[i].arrays["value"] = core::to_float_array(values.narrow(0, item, 1));
    if (jacobians.defined()) motions[i].arrays["jacobian"] = core::to_float_array(jacobians.narrow(0, item, 1));
  }
  return motions;
}

Keypoints Keypoints::from_motions(std::span<const motion::Motion> motions, int64_t num_kp, bool needs_jacobian,
                                  const torch::Device& device) {
  std::vector<torch::Tensor> values;
  std::vector<torch::Tensor> jacobians;
  for (const motion::Motion& motion : motions) {
    const Keypoints item = keypoints_of(motion, num_kp, needs_jacobian);
    values.push_back(item.value);
    if (needs_jacobian) jacobians.push_back(item.jacobian);
  }
  return {core::sent_to(device, torch::cat(values)),
          needs_jacobian ? core::sent_to(device, torch::cat(jacobians)) : torch::Tensor()};
}

double movement_scale(const Keypoints& source, const Keypoints& driving_initial) {
  return std::sqrt(hull_area(source.value[0])) / std::sqrt(hull_area(driving_initial.value[0]));
}

Keypoints transfer_motion(const Keypoints& source, const Keypoints& driving, const Keypoints& initial,
                          const TransferOptions& options) {
  if (!options.relative) return driving;
  const double scale = options.adapt_movement_scale ? movement_scale(source, initial) : 1.0;
  Keypoints result{(driving.value - initial.value) * scale + source.value, driving.jacobian};
  if (options.relative_jacobian && driving.jacobian.defined()) {
    result.jacobian =
        torch::matmul(torch::matmul(driving.jacobian, core::inverse_2x2(initial.jacobian)), source.jacobian);
  }
  return result;
}

double pose_distance(const torch::Tensor& a, const torch::Tensor& b) {
  const auto left = normalised(a[0]);
  const auto right = normalised(b[0]);
  double sum = 0;
  for (size_t i = 0; i < left.size(); ++i) {
    sum += std::pow(left[i].x - right[i].x, 2) + std::pow(left[i].y - right[i].y, 2);
  }
  return sum;
}

}  // namespace animate::models::fomm
