#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "motion/motion_template.h"

namespace animate::motion {

struct ValueRange {
  double low = 0;
  double high = 0;
};

// What there is to tell about a motion template.
struct TemplateFacts {
  std::string family;
  std::string model;
  size_t frames = 0;
  Rational frame_rate;
  double seconds = 0;
  bool steady = true;               // frames at a constant rate
  std::string sound;                // path, may be empty
  std::vector<std::string> arrays;  // as "exp [1, 21, 3]"

  // LivePortrait only.
  struct Face {
    size_t points = 0;
    bool canonical = false;  // whether kp is known
    bool ratios = false;     // whether eyes' and lips' openness is
    ValueRange pitch;        // degrees
    ValueRange yaw;
    ValueRange roll;
    ValueRange scale;
    double expression_change = 0;  // largest distance of a point's expression from that of frame 0
    size_t expression_frame = 0;   // where that is
  };
  std::optional<Face> face;
};

// Throws Error(Input) for a template of LivePortrait whose arrays have other shapes; `shown` is the file.
TemplateFacts facts_of(const MotionTemplate& motion, const std::string& shown);

}  // namespace animate::motion
