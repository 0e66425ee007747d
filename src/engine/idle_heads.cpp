#include "engine/idle_heads.h"

#include <cmath>
#include <numbers>

#include "base/error.h"
#include "heads/head_geometry.h"

namespace animate::engine {
namespace {

constexpr float kOpenEyes = 0.92F;  // as in the clips of heads/head_motion.h
constexpr double kMouth = 0.6;      // of a head's mouth, as far as speech opens it
constexpr double kGaze = 0.45;
constexpr double kRadians = std::numbers::pi / 180;

heads::Head head_of(const motion::IdleState& state) {
  const auto f = [](double value) { return static_cast<float>(value); };
  heads::Head head;
  // A picture is one side wide, the frame of a motion 2.
  head.pose = {f(state.x / 2),           f(state.y / 2),          f(std::exp(state.size)),
               f(kRadians * state.roll), f(kRadians * state.yaw), f(kRadians * state.pitch)};
  const float open = kOpenEyes * f(1 - state.lid);
  head.expression = {open,
                     open,
                     f(kMouth * state.mouth),
                     f(state.smile),
                     f(state.brow),
                     f(kGaze * state.gaze_x),
                     f(kGaze * state.gaze_y)};
  return head;
}

motion::Motion motion_of(const heads::HeadTruth& truth, int64_t points) {
  motion::Motion motion;
  FloatArray& value = motion.arrays["value"];
  FloatArray& jacobian = motion.arrays["jacobian"];
  value.shape = {1, points, 2};
  jacobian.shape = {1, points, 2, 2};
  for (size_t k = 0; k < static_cast<size_t>(points); ++k) {
    value.values.insert(value.values.end(), truth.points[k].begin(), truth.points[k].end());
    jacobian.values.insert(jacobian.values.end(), truth.frames[k].begin(), truth.frames[k].end());
  }
  return motion;
}

}  // namespace

std::vector<motion::Motion> idle_heads(std::span<const motion::IdleState> states, int64_t points) {
  check(points > 0 && points <= heads::kKeypoints, ErrorKind::Internal, "a drawn head with {} keypoints", points);
  std::vector<motion::Motion> motions;
  motions.reserve(states.size());
  for (const motion::IdleState& state : states) motions.push_back(motion_of(heads::truth_of(head_of(state)), points));
  return motions;
}

}  // namespace animate::engine
