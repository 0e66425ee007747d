#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "checkpoint/checkpoint.h"
#include "motion/face_motion.h"

namespace animate::test {

// The arrays of a fixture file as the plain types of the motion formulas. Batches are flattened: an array of shape
// [n, 1, 21, 3] is n lists of 21 points. Missing arrays and other shapes throw, as Checkpoint does.
class MotionFixture {
 public:
  explicit MotionFixture(const std::filesystem::path& path) : checkpoint_(checkpoint::Checkpoint::open(path)) {}

  bool has(const std::string& name) const { return checkpoint_.contains(name); }
  const std::vector<int64_t>& shape(const std::string& name) const { return checkpoint_.info(name).shape; }

  std::vector<double> numbers(const std::string& name) const;  // float32 and float64
  std::vector<float> floats(const std::string& name) const;    // float32 only
  std::vector<Points3> points(const std::string& name) const;
  std::vector<Points2> landmarks(const std::string& name) const;
  std::vector<Matrix3> matrices(const std::string& name) const;

  // "prefix.exp", "prefix.t", "prefix.scale", with either "prefix.R" or pitch, yaw and roll (degrees or 66 bins), and
  // "prefix.kp" if it is there.
  std::vector<motion::FaceMotion> motions(const std::string& prefix) const;
  // The same with "prefix.c_eyes" and "prefix.c_lip" if they are there.
  std::vector<motion::FaceFrame> frames(const std::string& prefix) const;

 private:
  checkpoint::Checkpoint checkpoint_;
};

// The largest difference of two point lists; infinite when they differ in length or one holds a NaN.
double largest_difference(const Points3& a, const Points3& b);
double largest_difference(const Matrix3& a, const Matrix3& b);

}  // namespace animate::test
