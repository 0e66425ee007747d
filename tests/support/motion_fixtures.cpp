#include "support/motion_fixtures.h"

#include <cmath>
#include <limits>
#include <span>
#include <stdexcept>
#include <tuple>
#include <utility>

#include "motion/rotation.h"

namespace animate::test {
namespace {

template <typename Row>
std::vector<std::vector<Row>> rows(const std::vector<float>& values, size_t count) {
  const size_t width = std::tuple_size_v<Row>;
  std::vector<std::vector<Row>> lists(values.size() / (count * width));
  size_t next = 0;
  for (auto& list : lists) {
    list.resize(count);
    for (Row& row : list) {
      for (float& value : row) value = values[next++];
    }
  }
  return lists;
}

double nan_aware(double difference) {
  return std::isfinite(difference) ? std::abs(difference) : std::numeric_limits<double>::infinity();
}

}  // namespace

std::vector<float> MotionFixture::floats(const std::string& name) const {
  const checkpoint::ArrayInfo& info = checkpoint_.info(name);
  if (info.dtype != checkpoint::DType::F32) throw std::runtime_error(name + " is not float32");
  std::vector<float> values(static_cast<size_t>(info.numel()));
  checkpoint_.read(name, std::as_writable_bytes(std::span(values)));
  return values;
}

std::vector<double> MotionFixture::numbers(const std::string& name) const {
  const checkpoint::ArrayInfo& info = checkpoint_.info(name);
  if (info.dtype != checkpoint::DType::F64) {
    const auto values = floats(name);
    return {values.begin(), values.end()};
  }
  std::vector<double> values(static_cast<size_t>(info.numel()));
  checkpoint_.read(name, std::as_writable_bytes(std::span(values)));
  return values;
}

std::vector<Points3> MotionFixture::points(const std::string& name) const {
  const auto& dims = shape(name);
  if (dims.size() < 2 || dims.back() != 3) throw std::runtime_error(name + " is no point list");
  return rows<Point3>(floats(name), static_cast<size_t>(dims[dims.size() - 2]));
}

std::vector<Points2> MotionFixture::landmarks(const std::string& name) const {
  const auto& dims = shape(name);
  if (dims.size() < 2 || dims.back() != 2) throw std::runtime_error(name + " is no list of landmarks");
  return rows<Point2>(floats(name), static_cast<size_t>(dims[dims.size() - 2]));
}

std::vector<Matrix3> MotionFixture::matrices(const std::string& name) const {
  std::vector<Matrix3> result;
  for (const Points3& list : points(name)) result.push_back({list.at(0), list.at(1), list.at(2)});
  return result;
}

std::vector<motion::FaceMotion> MotionFixture::motions(const std::string& prefix) const {
  const auto key = [&prefix](const char* name) { return prefix + "." + name; };
  const auto scales = floats(key("scale"));
  const auto translations = floats(key("t"));
  // Raw networks give flat lists of 3 K numbers.
  const auto flat_points = [&](const char* name) {
    const auto values = floats(key(name));
    return rows<Point3>(values, values.size() / scales.size() / 3);
  };
  const auto expressions = flat_points("exp");
  std::vector<motion::FaceMotion> motions(scales.size());
  for (size_t i = 0; i < motions.size(); ++i) {
    motions[i].scale = scales[i];
    motions[i].expression = expressions.at(i);
    for (size_t axis = 0; axis < 3; ++axis) motions[i].translation[axis] = translations.at(3 * i + axis);
  }
  if (has(key("kp"))) {
    const auto canonical = flat_points("kp");
    for (size_t i = 0; i < motions.size(); ++i) motions[i].canonical = canonical.at(i);
  }
  if (has(key("R"))) {
    const auto rotations = matrices(key("R"));
    for (size_t i = 0; i < motions.size(); ++i) motions[i].rotation = rotations.at(i);
  } else {
    const auto degrees = [&](const char* name, size_t i) {
      const auto values = floats(key(name));
      const size_t width = values.size() / scales.size();
      return motion::degrees_from_bins(std::span(values).subspan(i * width, width));
    };
    for (size_t i = 0; i < motions.size(); ++i) {
      motions[i].rotation = motion::rotation_matrix({degrees("pitch", i), degrees("yaw", i), degrees("roll", i)});
    }
  }
  return motions;
}

std::vector<motion::FaceFrame> MotionFixture::frames(const std::string& prefix) const {
  std::vector<motion::FaceFrame> frames;
  for (motion::FaceMotion& motion : motions(prefix)) frames.push_back({std::move(motion), std::nullopt});
  if (has(prefix + ".c_eyes")) {
    const auto eyes = floats(prefix + ".c_eyes");
    const auto lips = floats(prefix + ".c_lip");
    for (size_t i = 0; i < frames.size(); ++i) {
      frames[i].ratios = motion::OpenRatios{{eyes.at(2 * i), eyes.at(2 * i + 1)}, lips.at(i)};
    }
  }
  return frames;
}

double largest_difference(const Points3& a, const Points3& b) {
  if (a.size() != b.size()) return std::numeric_limits<double>::infinity();
  double largest = 0;
  for (size_t k = 0; k < a.size(); ++k) {
    for (size_t axis = 0; axis < 3; ++axis) {
      largest = std::max(largest, nan_aware(static_cast<double>(a[k][axis]) - b[k][axis]));
    }
  }
  return largest;
}

double largest_difference(const Matrix3& a, const Matrix3& b) {
  return largest_difference(Points3(a.begin(), a.end()), Points3(b.begin(), b.end()));
}

}  // namespace animate::test
