#include "evaluate/keypoint_set.h"

#include <algorithm>
#include <cmath>

#include "base/error.h"

namespace animate::evaluate {
namespace {

template <size_t N>
std::vector<std::array<float, N>> rows_of(const FloatArray& array) {
  std::vector<std::array<float, N>> rows(array.values.size() / N);
  for (size_t i = 0; i < rows.size() * N; ++i) rows[i / N][i % N] = array.values[i];
  return rows;
}

template <size_t N>
double mean_difference(const std::vector<std::array<float, N>>& a, const std::vector<std::array<float, N>>& b) {
  check(a.size() == b.size() && !a.empty(), ErrorKind::Internal, "{} keypoints compared with {}", a.size(), b.size());
  double sum = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    for (size_t j = 0; j < N; ++j) sum += std::abs(static_cast<double>(a[i][j]) - b[i][j]);
  }
  return sum / static_cast<double>(a.size() * N);
}

}  // namespace

std::optional<KeypointSet> keypoints_of(const motion::Motion& motion) {
  const auto value = motion.arrays.find("value");
  if (value == motion.arrays.end() || value->second.shape.size() != 3 || value->second.shape[2] != 2) return {};
  KeypointSet keypoints{rows_of<2>(value->second), {}};
  const auto jacobian = motion.arrays.find("jacobian");
  if (jacobian != motion.arrays.end()) keypoints.frames = rows_of<4>(jacobian->second);
  return keypoints;
}

KeypointSet keypoints_of(const heads::HeadTruth& truth) {
  return {{truth.points.begin(), truth.points.end()}, {truth.frames.begin(), truth.frames.end()}};
}

KeypointSet first_of(const KeypointSet& keypoints, size_t count) {
  KeypointSet first = keypoints;
  first.points.resize(std::min(count, first.points.size()));
  first.frames.resize(std::min(count, first.frames.size()));
  return first;
}

bool are_of_a_head(const KeypointSet& keypoints) {
  const size_t count = keypoints.points.size();
  return count >= heads::kBasicKeypoints && count <= heads::kKeypoints &&
         (keypoints.frames.empty() || keypoints.frames.size() == count);
}

double keypoint_error(const KeypointSet& found, const KeypointSet& truth) {
  return mean_difference(found.points, truth.points);
}

double feature_error(const KeypointSet& found, const KeypointSet& truth) {
  const auto features = [](const KeypointSet& all) {
    KeypointSet some;
    for (size_t k = 0; k < all.points.size(); ++k) {
      if (k <= heads::kLowerLip || k >= heads::kBasicKeypoints) some.points.push_back(all.points[k]);
    }
    return some;
  };
  return keypoint_error(features(found), features(truth));
}

double frame_error(const KeypointSet& found, const KeypointSet& truth) {
  return mean_difference(found.frames, truth.frames);
}

void Jitter::add(const KeypointSet& keypoints) {
  const auto& now = keypoints.points;
  if (!before_.empty() && before_.size() == now.size() && last_.size() == now.size()) {
    for (size_t i = 0; i < now.size(); ++i) {
      for (size_t j = 0; j < 2; ++j) {
        sum_ += std::abs(static_cast<double>(now[i][j]) - 2.0 * last_[i][j] + before_[i][j]);
        ++count_;
      }
    }
  }
  before_ = std::move(last_);
  last_ = now;
}

std::optional<double> Jitter::mean() const {
  if (count_ == 0) return std::nullopt;
  return sum_ / static_cast<double>(count_);
}

}  // namespace animate::evaluate
