#include "motion/idle_face.h"

#include <array>
#include <cmath>

#include "motion/edit_sliders.h"
#include "motion/motion_step.h"
#include "motion/point_math.h"
#include "motion/rotation.h"

namespace animate::motion {
namespace {

constexpr size_t kIdlePoints = 21;  // of the published model, which its templates must have

// Where the sliders stand at 1. A lid is shut at 18: in the published templates point 11 sinks by 0.04 to 0.05 for a
// whole ratio, and open eyes are at 0.35.
constexpr double kLidSlider = 18;
constexpr double kMouthSlider = 32;
constexpr double kGazeXSlider = 6;
constexpr double kGazeYSlider = 9;
constexpr double kBrowSlider = 6;
constexpr double kSmileSlider = 0.25;

// How open eyes and lips are told to be.
constexpr double kOpenEyeRatio = 0.35;
constexpr double kOpenLipRatio = 0.25;

// The slider for a wink on the other side: its points' partners, x turned round.
constexpr auto kOtherWink =
    std::to_array<EditTerm>({{15, 1, 0.001}, {16, 1, -0.0003}, {17, 0, -0.0003}, {17, 1, 0.0003}, {7, 1, -0.0003}});

Points3 expression_of(const IdleState& state) {
  SliderValues sliders;
  sliders[Slider::Wink] = kLidSlider * state.lid;
  sliders[Slider::LipThree] = kMouthSlider * state.mouth;
  sliders[Slider::EyeballX] = kGazeXSlider * state.gaze_x;
  sliders[Slider::EyeballY] = kGazeYSlider * state.gaze_y;
  sliders[Slider::Eyebrow] = kBrowSlider * state.brow;
  sliders[Slider::Smile] = kSmileSlider * state.smile;
  Points3 delta = expression_delta(sliders, kIdlePoints);
  for (const EditTerm& term : kOtherWink) {
    delta[term.point][term.axis] += static_cast<float>(term.factor * sliders[Slider::Wink]);
  }
  return delta;
}

FaceFrame frame_of(const IdleState& state) {
  FaceFrame frame;
  frame.motion.expression = expression_of(state);
  frame.motion.rotation =
      rotation_matrix({static_cast<float>(state.pitch), static_cast<float>(state.yaw), static_cast<float>(state.roll)});
  frame.motion.translation = {static_cast<float>(state.x), static_cast<float>(state.y), 0};
  frame.motion.scale = static_cast<float>(std::exp(state.size));
  const auto eyes = static_cast<float>(kOpenEyeRatio * (1 - state.lid));
  frame.ratios = OpenRatios{{eyes, eyes}, static_cast<float>(kOpenLipRatio * state.mouth)};
  return frame;
}

}  // namespace

FaceTemplate idle_face(std::span<const IdleState> states, Rational rate) {
  FaceTemplate face;
  face.frame_rate = rate;
  face.time_base = {rate.den, rate.num};
  for (size_t i = 0; i < states.size(); ++i) {
    face.frames.push_back(frame_of(states[i]));
    face.pts.push_back(static_cast<int64_t>(i));
    face.duration.push_back(1);
  }
  return face;
}

double fastest_mouth(double rate) {
  // The point that opening lips move farthest.
  const Point3 lip = expression_delta(
      [] {
        SliderValues sliders;
        sliders[Slider::LipThree] = kMouthSlider;
        return sliders;
      }(),
      kIdlePoints)[19];
  return kFastestStep.expression * kStepRate / rate / std::hypot(lip[0], lip[1], lip[2]);
}

}  // namespace animate::motion
