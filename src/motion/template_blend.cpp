#include "motion/template_blend.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "base/error.h"
#include "motion/interpolate_motion.h"
#include "motion/template_clock.h"

namespace animate::motion {
namespace {

void drop(MotionTemplate& motion, const std::string& name) {
  for (Motion& frame : motion.frames) frame.arrays.erase(name);
}

// Both on one clock, with the same arrays.
std::pair<MotionTemplate, MotionTemplate> joined(const MotionTemplate& a, const MotionTemplate& b,
                                                 const std::string& second) {
  check(a.family == b.family, ErrorKind::Input,
        "{}: holds motion of the model family {}, the first template of {}; give two of one family", second, b.family,
        a.family);
  MotionTemplate left = steady(a);
  MotionTemplate right = b.frame_rate == left.frame_rate ? steady(b) : resample(b, left.frame_rate);
  for (const char* name : {"kp", "c_eyes", "c_lip"}) {
    if (left.frames.front().arrays.contains(name) == right.frames.front().arrays.contains(name)) continue;
    drop(left, name);
    drop(right, name);
  }
  const auto& in_left = left.frames.front().arrays;
  const auto& in_right = right.frames.front().arrays;
  const bool alike = std::equal(in_left.begin(), in_left.end(), in_right.begin(), in_right.end(), [](auto& p, auto& q) {
    return p.first == q.first && p.second.shape == q.second.shape;
  });
  check(alike, ErrorKind::Input, "{}: is not of as many points as the first template; give two of one model", second);
  return {std::move(left), std::move(right)};
}

}  // namespace

MotionTemplate mix(const MotionTemplate& a, const MotionTemplate& b, double weight, const std::string& second) {
  auto [left, right] = joined(a, b, second);
  MotionTemplate result = cut(left, 0, std::min(left.frames.size(), right.frames.size()));
  for (size_t i = 0; i < result.frames.size(); ++i) {
    result.frames[i] = interpolate(left.frames[i], right.frames[i], weight);
  }
  return result;
}

MotionTemplate crossfade(const MotionTemplate& a, const MotionTemplate& b, double seconds, const std::string& second) {
  auto [left, right] = joined(a, b, second);
  const double shorter = std::min(length_of(left), length_of(right));
  const auto over = static_cast<size_t>(std::llround(seconds * left.frame_rate.value()));
  check(over <= std::min(left.frames.size(), right.frames.size()), ErrorKind::Usage,
        "--crossfade {:g}: is longer than the shorter template ({:.2f} s); give less", seconds, shorter);
  MotionTemplate result = cut(left, 0, left.frames.size());
  const size_t begin = left.frames.size() - over;
  for (size_t i = 0; i < over; ++i) {
    // From the first's side to the second's, without either's last frame standing twice.
    const double weight = static_cast<double>(i + 1) / static_cast<double>(over + 1);
    result.frames[begin + i] = interpolate(left.frames[begin + i], right.frames[i], weight);
  }
  result.frames.insert(result.frames.end(), right.frames.begin() + static_cast<std::ptrdiff_t>(over),
                       right.frames.end());
  result.time_base = {result.frame_rate.den, result.frame_rate.num};
  result.pts.resize(result.frames.size());
  std::iota(result.pts.begin(), result.pts.end(), 0);
  result.duration.assign(result.frames.size(), 1);
  return result;
}

}  // namespace animate::motion
