#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace animate::motion {

// The way of a morph through its pictures (engine/README.md#morph), in numbers.

struct MorphTiming {
  size_t pictures = 2;     // 2 at least
  int64_t frames = 64;     // from one picture to the next, both counted; 2 at least
  int64_t hold = 0;        // frames that each picture stands still besides
  bool loop = false;       // back to the first, where no picture stands twice
  bool smooth = false;     // slow at both ends of each passage: t becomes t^2 (3 - 2 t)
  bool exact_ends = true;  // the first and last kEndFrames of a passage fade into the true pictures
};

// One frame. Where a picture stands still, `from` and `to` are that picture and `position` is 0.
struct MorphStep {
  size_t from = 0;
  size_t to = 0;
  double position = 0;   // 0: all of `from`, 1: all of `to`
  double true_from = 0;  // how much of the true picture is laid over what is painted; both together 1 at most
  double true_to = 0;

  bool stands() const { return from == to; }
};

// Frames over which a passage fades from the true picture into what is painted; fewer where it is short.
inline constexpr int64_t kEndFrames = 3;

// Every frame of the way, in order. Forwards frame i of a passage lies at i / (frames - 1), before it is eased. Throws
// Error(Internal) for fewer than two pictures or frames.
std::vector<MorphStep> morph_steps(const MorphTiming& timing);

// How far the dissolve is at a position of the way: 0 shows the first picture, 1 the second.
struct DissolveWeights {
  double coarse = 0;  // of colours and light
  double fine = 0;    // of details, which must not be seen twice
};

// Details go over in the middle `share` of the way (above 0, up to 1), colours in twice that, both slowly at their
// ends. At 0 and 1 exactly 0 and 1, at half way 0.5.
DissolveWeights dissolve_weights(double position, double share);

}  // namespace animate::motion
