#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "animate/facts.h"

namespace animate::engine {

// Frames of a clip in which no face was found, as spans [first, last].
struct LostSpan {
  size_t first = 0;
  size_t last = 0;
};

std::vector<LostSpan> lost_spans(const std::vector<bool>& found);

// Spans of at most `longest` frames between two frames with a face: a detector's blink, which neighbours bridge.
// Sets them in `found` and returns how many frames that were.
size_t bridge_gaps(std::vector<bool>& found, size_t longest);

// For every frame the nearest earlier frame with a face; before the first such frame, that one. `found` must hold one.
std::vector<size_t> held_frames(const std::vector<bool>& found);

// The same for a report: `input` is "source" or "driving", `policy` what was done about them.
std::vector<FaceGap> face_gaps(const std::string& input, const std::vector<LostSpan>& spans,
                               const std::vector<double>& begins, const std::string& policy);

// "0.40-0.80 s, 3.20 s" for a message, at most five spans. `begins` in seconds.
std::string describe_spans(const std::vector<LostSpan>& spans, const std::vector<double>& begins);

}  // namespace animate::engine
