#include "motion/interpolate_motion.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"
#include "motion/rotation.h"

namespace animate::motion {
namespace {

FloatArray mix(const FloatArray& a, const FloatArray& b, double weight) {
  FloatArray result = a;
  for (size_t i = 0; i < a.values.size(); ++i) {
    result.values[i] = static_cast<float>(a.values[i] + (static_cast<double>(b.values[i]) - a.values[i]) * weight);
  }
  return result;
}

Matrix3 matrix_of(const FloatArray& array) {
  Matrix3 matrix;
  for (size_t i = 0; i < 9; ++i) matrix[i / 3][i % 3] = array.values[i];
  return matrix;
}

// What is no rotation at all, as in a damaged file, has no way to turn and is mixed like the rest.
FloatArray turn(const FloatArray& a, const FloatArray& b, double weight) {
  const Matrix3 between = slerp(matrix_of(a), matrix_of(b), weight);
  FloatArray result{a.shape, {}};
  for (const Point3& row : between) result.values.insert(result.values.end(), row.begin(), row.end());
  const bool finite = std::all_of(result.values.begin(), result.values.end(), [](float v) { return std::isfinite(v); });
  return finite ? result : mix(a, b, weight);
}

}  // namespace

Motion interpolate(const Motion& a, const Motion& b, double weight) {
  check(a.arrays.size() == b.arrays.size(), ErrorKind::Internal, "motion between frames that hold different arrays");
  if (weight <= 0) return a;
  if (weight >= 1) return b;
  const std::vector<int64_t> square{1, 3, 3};
  Motion result;
  for (const auto& [name, from] : a.arrays) {
    const auto to = b.arrays.find(name);
    check(to != b.arrays.end() && to->second.shape == from.shape, ErrorKind::Internal,
          "motion between frames that hold different arrays");
    const bool rotation = name == "R" && from.shape == square;
    result.arrays[name] = rotation ? turn(from, to->second, weight) : mix(from, to->second, weight);
  }
  return result;
}

}  // namespace animate::motion
