#include "evaluate/landmark_measures.h"

#include <cmath>

#include "base/error.h"

namespace animate::evaluate {

std::optional<double> keypoint_distance(const Landmarks& real, const Landmarks& generated) {
  check(real.size() == generated.size(), ErrorKind::Internal, "{} keypoints compared with {}", real.size(),
        generated.size());
  double sum = 0;
  int64_t count = 0;
  for (size_t i = 0; i < real.size(); ++i) {
    if (!real[i] || !generated[i]) continue;
    for (size_t j = 0; j < 2; ++j) sum += std::abs((*real[i])[j] - (*generated[i])[j]);
    count += 2;
  }
  if (count == 0) return std::nullopt;
  return sum / static_cast<double>(count);
}

std::optional<double> missing_rate(const Landmarks& real, const Landmarks& generated) {
  check(real.size() == generated.size(), ErrorKind::Internal, "{} keypoints compared with {}", real.size(),
        generated.size());
  int64_t present = 0, missing = 0;
  for (size_t i = 0; i < real.size(); ++i) {
    if (!real[i]) continue;
    ++present;
    if (!generated[i]) ++missing;
  }
  if (present == 0) return std::nullopt;
  return static_cast<double>(missing) / static_cast<double>(present);
}

double embedding_distance(std::span<const float> real, std::span<const float> generated) {
  check(real.size() == generated.size(), ErrorKind::Internal, "vectors of {} and {} numbers compared", real.size(),
        generated.size());
  double sum = 0;
  for (size_t i = 0; i < real.size(); ++i) sum += std::pow(static_cast<double>(real[i]) - generated[i], 2);
  return sum;
}

}  // namespace animate::evaluate
