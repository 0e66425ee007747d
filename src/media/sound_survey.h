#pragma once

#include <optional>
#include <string>
#include <vector>

#include "media/demuxer.h"

namespace animate::media {

// What is known of a sound after all of it was read and decoded once, before it is copied or encoded again. Seconds
// count from its first sample.
struct SoundSurvey {
  std::optional<double> steps_back;  // where its times first step back or overlap, as where recordings are joined
  std::optional<double> damaged;     // where the first packet does not decode
  std::optional<double> ends_early;  // where it ends, when its header promises half a second more at least
  bool changes = false;              // rate or channels do not stay the same

  // Whether its packets can stand in a new file as they are.
  bool whole() const { return !steps_back && !damaged && !changes; }
  // A sentence for each of the first three, beginning with the name.
  std::vector<std::string> warnings(const std::string& name) const;
};

// Reads the file anew, up to `end_seconds` of sound where it is given. A sound that FFmpeg cannot decode is judged by
// its times alone.
SoundSurvey survey_sound(const Demuxer& demuxer, const AVStream& stream, std::optional<double> end_seconds);

}  // namespace animate::media
