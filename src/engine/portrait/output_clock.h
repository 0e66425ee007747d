#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "animate/rational.h"
#include "engine/output_clip.h"
#include "motion/length_mismatch.h"

namespace animate::engine {

// When the pictures of a clip are shown: ticks of time_base from the first picture.
struct ClipTimes {
  ClipTiming timing;
  std::vector<int64_t> pts;
  std::vector<int64_t> duration;

  size_t size() const { return pts.size(); }
  // Seconds at which frame i begins.
  double begin(size_t i) const { return static_cast<double>(pts[i]) * timing.time_base.value(); }
  // Seconds from the first picture to the end of the last.
  double length() const;
  std::vector<double> begins() const;
};

// One picture of the result: which source frame it is made from, and where among the driver's frames it takes its
// motion from (1.5 is half way between frames 1 and 2).
struct OutputFrame {
  size_t source = 0;
  double driving = 0;
  int64_t pts = 0;
  int64_t duration = 0;
};

// Every picture of the result, in order.
struct FramePlan {
  ClipTiming timing;
  std::vector<OutputFrame> frames;
};

struct ClockOptions {
  // The clock of the result: of the source video, of the driver, or a rate of its own.
  enum class Rate { Source, Driving, Fixed };
  Rate rate = Rate::Source;
  Rational fixed;  // frames a second
  OnMismatch on_mismatch = OnMismatch::Cut;
  bool pair_by_index = false;  // frame i of the one with frame i of the other, whatever their rates, as the original
};

// A still source: the driver's pictures, or its length at a fixed rate. Rate::Source means the driver's then.
FramePlan plan_still(const ClipTimes& driving, const ClockOptions& options);
// A source video with a moving driver.
FramePlan plan_video(const ClipTimes& source, const ClipTimes& driving, const ClockOptions& options);
// A source video with a still driver: its own pictures.
FramePlan plan_video(const ClipTimes& source, const ClockOptions& options);

}  // namespace animate::engine
