#pragma once

#include <array>
#include <optional>

#include "base/points.h"

namespace animate::motion {

// The motion of one face as LivePortrait's networks tell it (models/liveportrait/README.md#keypoints). Plain data
// without LibTorch: formulas on a few dozen numbers need no tensor library, and templates can be read, edited and
// fuzzed alone.

struct FaceMotion {
  Points3 canonical;     // kp, [K]; empty in templates of the old layout
  Points3 expression;    // exp (delta), [K]
  Matrix3 rotation{};    // R, stored transposed as the original does
  Point3 translation{};  // t; t_z is stored and never added
  float scale = 1;

  // x = scale * (canonical * R + expression) + (t_x, t_y, 0). Needs `canonical`.
  Points3 keypoints() const;
};

// How far eyes and lips are open (models/liveportrait/README.md#open-ratios): distances of lids over widths, 0 is shut.
struct OpenRatios {
  std::array<float, 2> eyes{};  // left, right
  float lip = 0;
};

// What one frame of a driver tells.
struct FaceFrame {
  FaceMotion motion;
  std::optional<OpenRatios> ratios;  // absent without 203 landmarks
};

}  // namespace animate::motion
