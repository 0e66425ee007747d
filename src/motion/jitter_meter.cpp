#include "motion/jitter_meter.h"

#include <algorithm>
#include <cmath>

namespace animate::motion {

void JitterMeter::add(std::span<const Point> keypoints) {
  if (!last_.empty() && last_.size() != keypoints.size()) {
    before_.clear();
    last_.clear();
  }
  for (size_t i = 0; i < before_.size(); ++i) {
    sum_ += std::abs(keypoints[i].x - 2 * last_[i].x + before_[i].x);
    sum_ += std::abs(keypoints[i].y - 2 * last_[i].y + before_[i].y);
    count_ += 2;
  }
  before_ = std::move(last_);
  last_.assign(keypoints.begin(), keypoints.end());
  ++frames_;
}

std::optional<double> JitterMeter::mean() const {
  if (count_ == 0) return std::nullopt;
  return sum_ / static_cast<double>(count_);
}

void OutsideMeter::add(int64_t frame, std::span<const Point> keypoints) {
  const bool outside = std::any_of(keypoints.begin(), keypoints.end(), [](const Point& point) {
    return !(std::abs(point.x) <= 1 && std::abs(point.y) <= 1);  // what is not a number is outside too
  });
  if (!outside) return;
  auto& spans = result_.spans;
  if (!spans.empty() && spans.back().last == frame) return;
  if (spans.empty() || spans.back().last + 1 != frame) spans.push_back({frame, frame});
  spans.back().last = frame;
  ++result_.frames;
}

}  // namespace animate::motion
