#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace animate::motion {

// Motion without a clip, in numbers that every family can turn into its own (motion/README.md#idle).

struct IdleSettings {
  size_t frames = 250;  // the motion goes round: behind the last frame the first one follows
  double rate = 25;     // frames a second
  uint64_t seed = 0;
  double liveliness = 1;      // 0 to 2: how far head, gaze and brows move; breath and blinks do not depend on it
  std::vector<double> mouth;  // how far it is open in each frame, 0..1 (talk_curve); empty: it rests
};

// One frame against the first one, in which all of it is 0.
struct IdleState {
  double pitch = 0, yaw = 0, roll = 0;  // degrees
  double x = 0, y = 0;                  // shift, of a frame 2 wide; y down
  double size = 0;                      // natural logarithm
  double lid = 0;                       // of both eyes: 0 as open as they are, 1 shut
  double gaze_x = 0, gaze_y = 0;        // -1..1 at liveliness 1
  double brow = 0, smile = 0;           // -1..1
  double mouth = 0;                     // 0..1
};

// Every frame. Turns, shifts and sizes stay below kFastestStep from frame to frame, across the seam as well
// (motion_step.h). The same settings give the same motion, up to the last bit of sine.
std::vector<IdleState> idle_motion(const IdleSettings& settings);

}  // namespace animate::motion
