#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "heads/head_motion.h"
#include "heads/head_parameters.h"

namespace animate::heads {

// How a drawn clip is cut: this many frames, at this rate a second.
struct ClipCut {
  int64_t frames = 8;
  double rate = 6.25;
};

// A head that moves, and which of some labels its motion earns, 1 or 0 each.
struct LabelledClip {
  std::vector<Head> frames;
  std::vector<float> labels;
};

// What can be told of a drawn clip: turn, nod, smile, blink, talk.
std::span<const std::string_view> drawn_labels();

// Which of `labels`, all of drawn_labels(), these motions earn (models/video_ldm/README.md#labels).
std::vector<float> labels_of(std::span<const HeadMotion> motions, std::span<const std::string> labels);

// Head `identity`, moving as smooth_motion(`motion`) does from a moment on that the same number chooses.
LabelledClip labelled_clip(uint64_t identity, uint64_t motion, const ClipCut& cut, std::span<const std::string> labels);

}  // namespace animate::heads
