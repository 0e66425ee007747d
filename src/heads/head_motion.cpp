#include "heads/head_motion.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "heads/counter_random.h"

namespace animate::heads {
namespace {

constexpr double kTurn = 6.283185307179586;

// A sum of three slow waves: band-limited, within -1..1, 0 at time 0.
class Sway {
 public:
  Sway(uint64_t seed, uint64_t stream, float lowest, float highest) {
    CounterRandom random(seed, stream);
    for (Wave& wave : waves_) wave = {random.between(lowest, highest), random.unit(), random.between(0.5F, 1)};
  }

  double operator()(double seconds) const {
    double sum = 0, weight = 0;
    for (const auto& [hertz, phase, strength] : waves_) {
      sum += strength * (std::sin(kTurn * (hertz * seconds + phase)) - std::sin(kTurn * phase));
      weight += strength;
    }
    return std::tanh(sum / weight);
  }

 private:
  struct Wave {
    double hertz, phase, strength;
  };
  std::array<Wave, 3> waves_{};
};

// 1 in the middle of a blink of 0.28 seconds, 0 outside.
double blink(double seconds, double middle) {
  const double t = std::abs(seconds - middle) / 0.14;
  return t >= 1 ? 0 : 0.5 + 0.5 * std::cos(kTurn * t / 2);
}

std::vector<double> blink_times(uint64_t seed, double seconds) {
  CounterRandom random(seed, 101);
  std::vector<double> times;
  for (double at = random.between(0.6F, 1.6F); at < seconds + 1; at += random.between(1.4F, 3.6F)) times.push_back(at);
  return times;
}

}  // namespace

std::vector<HeadMotion> smooth_motion(uint64_t seed, int64_t frames, double rate) {
  const Sway yaw(seed, 102, 0.12F, 0.5F), pitch(seed, 103, 0.15F, 0.6F), roll(seed, 104, 0.1F, 0.45F);
  const Sway x(seed, 105, 0.1F, 0.4F), y(seed, 106, 0.1F, 0.4F), size(seed, 107, 0.05F, 0.25F);
  const Sway smile(seed, 108, 0.1F, 0.4F), brow(seed, 109, 0.2F, 0.7F);
  const Sway gaze_x(seed, 110, 0.1F, 0.5F), gaze_y(seed, 111, 0.1F, 0.5F);
  const Sway phrase(seed, 112, 0.2F, 0.5F), syllable(seed, 113, 3, 5);
  const std::vector<double> blinks = blink_times(seed, static_cast<double>(frames) / rate);

  std::vector<HeadMotion> motions;
  motions.reserve(static_cast<size_t>(frames));
  const auto f = [](double value) { return static_cast<float>(value); };
  for (int64_t i = 0; i < frames; ++i) {
    const double t = static_cast<double>(i) / rate;
    const double calm = std::min(1.0, t / 0.4);  // eases in
    double shut = 0;
    for (const double at : blinks) shut = std::max(shut, blink(t, at));
    const double talk = std::clamp(0.35 + 0.8 * phrase(t), 0.0, 1.0) * (0.5 + 0.5 * syllable(t)) * calm;
    HeadMotion motion;
    motion.pose = {f(0.06 * x(t)),    f(0.045 * y(t)),  f(std::exp(0.1 * size(t))),
                   f(0.26 * roll(t)), f(0.55 * yaw(t)), f(0.32 * pitch(t))};
    motion.expression = {f(0.92 * (1 - shut)), f(0.92 * (1 - shut)), f(talk),           f(0.8 * smile(t)),
                         f(0.8 * brow(t)),     f(0.7 * gaze_x(t)),   f(0.5 * gaze_y(t))};
    motions.push_back(motion);
  }
  return motions;
}

Head transferred(const Head& head, const HeadMotion& driver_first, const HeadMotion& driver_now, bool* clipped) {
  Head moved = head;
  bool beyond = false;
  const auto within = [&beyond](float value, float low, float high) {
    constexpr float kRounding = 1e-5F;
    beyond = beyond || value < low - kRounding || value > high + kRounding;
    return std::clamp(value, low, high);
  };
  const auto move = [&](float& value, float first, float now, float low, float high) {
    value = within(value + (now - first), low, high);
  };
  {
    Pose& pose = moved.pose;
    const Pose& first = driver_first.pose;
    const Pose& now = driver_now.pose;
    move(pose.x, first.x, now.x, -0.14F, 0.14F);
    move(pose.y, first.y, now.y, -0.10F, 0.10F);
    pose.scale = within(pose.scale * now.scale / first.scale, std::exp(-0.16F), std::exp(0.16F));
    move(pose.roll, first.roll, now.roll, -0.36F, 0.36F);
    move(pose.yaw, first.yaw, now.yaw, -0.70F, 0.70F);
    move(pose.pitch, first.pitch, now.pitch, -0.44F, 0.44F);
  }
  Expression& mood = moved.expression;
  const Expression& first = driver_first.expression;
  const Expression& now = driver_now.expression;
  move(mood.left_eye, first.left_eye, now.left_eye, 0, 1);
  move(mood.right_eye, first.right_eye, now.right_eye, 0, 1);
  move(mood.mouth, first.mouth, now.mouth, 0, 1);
  move(mood.smile, first.smile, now.smile, -1, 1);
  move(mood.brow, first.brow, now.brow, -1, 1);
  move(mood.gaze_x, first.gaze_x, now.gaze_x, -1, 1);
  move(mood.gaze_y, first.gaze_y, now.gaze_y, -1, 1);
  if (clipped != nullptr) *clipped = beyond;
  return moved;
}

}  // namespace animate::heads
