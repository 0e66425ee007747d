#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "animate/export.h"

namespace animate {

// What --set says about a face, once for all frames or with keyframes. The grammar, in words:
//
//   settings  = setting, { ("," or ";"), setting }      several --set are joined by ";"
//   setting   = NAME "=" VALUE                          the same in every frame
//             | NAME "@" TIME "=" VALUE                 a keyframe
//             | TIME "=" VALUE                          another one of the slider before it
//   NAME      = a slider's name as `animate edit --list` shows it, short or the original's, with - or _
//   VALUE     = a finite number, with a point whatever the locale
//   TIME      = seconds, "1.5s" or "1.5", or the number of a frame, "50f", both from the first picture of the result
//
// as in  smile=0.6,yaw=-8  and  smile@0s=0,2s=1,gaze_x@0s=0,1.5s=10. Blanks around the parts do not count.
// Between two keyframes a value goes in a straight line; before the first and after the last it is held.
// Times of one slider are all seconds or all frames, and each is later than the one before it.
//
// Values outside the original's range are clamped and give a warning.
class ANIMATE_EXPORT EditSettings {
 public:
  EditSettings() = default;
  // Throws Error(Usage) naming the setting: an unknown name (with the nearest known one), no number, no time, a time
  // out of order or twice, a slider twice.
  static EditSettings parse(std::string_view text);

  bool empty() const { return tracks_.empty(); }
  bool sets(size_t control) const;
  // Whether anything changes from frame to frame.
  bool moves() const;
  // Everything that was clamped: "--set smile=2: is outside -0.3 … 1.3; 1.3 is used".
  const std::vector<std::string>& warnings() const { return warnings_; }
  // Throws Error(Input) with the first warning, for --strict.
  void refuse_warnings() const;

  // Pictures that a clip of `rate` frames a second needs to show every keyframe; 1 without keyframes.
  size_t frames_needed(double rate) const;

  // What parse() was given.
  const std::string& text() const { return text_; }
  bool operator==(const EditSettings& other) const { return text_ == other.text_; }

  struct Key {
    double time = 0;
    double value = 0;
  };
  struct Track {
    size_t control = 0;      // which slider, eyes or lip
    bool keyed = false;      // false: one key, its time means nothing
    bool in_frames = false;  // the keys' times; else seconds
    std::vector<Key> keys;   // in the order of their times, at least one
  };
  const std::vector<Track>& tracks() const { return tracks_; }

 private:
  friend class EditParser;

  std::string text_;
  std::vector<Track> tracks_;
  std::vector<std::string> warnings_;
};

}  // namespace animate
